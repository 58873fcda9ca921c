using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(new KeyToValueMappingTransformer(env.Register(nameof(KeyToValueMappingTransformer)), columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            var key = inputSchema.Find(pair.inputColumnName);
            if (!key.IsKey)
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", key.Name, "KeyType", key.GetTypeString());
            if (!key.Annotations.TryFindColumn(AnnotationNames.KeyValues, out var values))
                throw Contracts.ExceptParam(nameof(inputSchema), $"Input column '{key.Name}' doesn't contain key values metadata");

            var annotations = key.HasVectorAnnotation(AnnotationNames.SlotNames, out var names) ? new SchemaShape([names]) : null;
            return new SchemaShape.Column(pair.outputColumnName, key.Kind, values.ItemType, values.IsKey, annotations);
        }));
    }
}
