using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public class ValueMappingEstimator : TrivialEstimator<ValueMappingTransformer>
{
    private protected ValueMappingEstimator(ValueMappingTransformer transformer)
        : base(transformer)
    {
    }

    public sealed override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var map = Transformer.Map;
        var isKey = map.ValueType is KeyDataViewType;
        var annotations = SchemaShape.Create(map.ValueAnnotations.Schema);
        return inputSchema.With(Transformer.ColumnPairs.Select(pair => new SchemaShape.Column(pair.outputColumnName,
            inputSchema.Find(pair.inputColumnName).Kind, isKey ? NumberDataViewType.UInt32 : map.ValueType, isKey, annotations)));
    }
}

public sealed class ValueMappingEstimator<TKey, TValue> : ValueMappingEstimator
{
    internal ValueMappingEstimator(IHostEnvironment env, KeyValuePair<TKey, TValue>[] pairs, bool treatValuesAsKeyType,
        params (string outputColumnName, string inputColumnName)[] columns)
        : base(new ValueMappingTransformer(
            env.Register(nameof(ValueMappingTransformer)), ValueMap.Create(pairs, treatValuesAsKeyType), columns))
    {
    }
}
