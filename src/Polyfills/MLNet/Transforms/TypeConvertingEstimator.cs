using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    internal TypeConvertingEstimator(
        IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, DataKind outputKind)
        : base(new TypeConvertingTransformer(env.Register(nameof(TypeConvertingTransformer)), columns, outputKind))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var itemType = Transformer.OutputKind.ToDataViewType();
        return inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            var source = inputSchema.Find(pair.inputColumnName);
            Contracts.CheckParam(TypeConversion.Find((PrimitiveDataViewType)source.ItemType, itemType) is not null, nameof(inputSchema),
                $"Don't know how to convert {source.Name} into {itemType}");
            return new SchemaShape.Column(pair.outputColumnName, source.Kind, itemType, false, source.Annotations);
        }));
    }
}
