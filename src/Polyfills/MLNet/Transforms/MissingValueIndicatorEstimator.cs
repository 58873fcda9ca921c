using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class MissingValueIndicatorEstimator : TrivialEstimator<MissingValueIndicatorTransformer>
{
    internal MissingValueIndicatorEstimator(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(new MissingValueIndicatorTransformer(env.Register(nameof(MissingValueIndicatorTransformer)), columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            var source = inputSchema.Find(pair.inputColumnName);
            if (!MissingValues.CanHold(source.ItemType))
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name);
            List<SchemaShape.Column> annotations =
                [new(AnnotationNames.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false)];
            if (source.Annotations.TryFindColumn(AnnotationNames.SlotNames, out var names))
                annotations.Add(names);
            return new SchemaShape.Column(pair.outputColumnName, source.Kind, BooleanDataViewType.Instance, false, new(annotations));
        }));
    }
}
