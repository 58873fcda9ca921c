using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Transforms;

public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    internal KeyToVectorMappingEstimator(
        IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, bool outputCountVector)
        : base(new KeyToVectorMappingTransformer(env.Register(nameof(KeyToVectorMappingTransformer)), columns, outputCountVector))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            var source = inputSchema.Find(pair.inputColumnName);
            var varies = source.Kind == VectorKind.VariableVector && !Transformer.Counts;
            return new SchemaShape.Column(pair.outputColumnName, varies ? VectorKind.VariableVector : VectorKind.Vector,
                NumberDataViewType.Single, false, new SchemaShape(Annotations(source, Transformer.Counts)));
        }));
    }

    private static IEnumerable<SchemaShape.Column> Annotations(SchemaShape.Column source, bool counts)
    {
        var hasKnownSize = source.Kind != VectorKind.VariableVector;
        if ((counts || hasKnownSize) && source.Annotations.TryFindColumn(AnnotationNames.KeyValues, out var values)
            && values.ItemType is TextDataViewType)
        {
            yield return new(AnnotationNames.SlotNames, VectorKind.Vector, TextDataViewType.Instance, false);
        }
        if (!counts && hasKnownSize)
            yield return new(AnnotationNames.CategoricalSlotRanges, VectorKind.Vector, NumberDataViewType.Int32, false);
        if (!counts || source.Kind == VectorKind.Scalar)
            yield return new(AnnotationNames.IsNormalized, VectorKind.Scalar, BooleanDataViewType.Instance, false);
    }
}
