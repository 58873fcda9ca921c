using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class OneHotEncodingEstimator : IEstimator<OneHotEncodingTransformer>
{
    private readonly IEstimator<ITransformer> _steps;

    internal OneHotEncodingEstimator(IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns,
        OutputKind outputKind, ValueToKeyMappingEstimator.Options options)
    {
        var host = env.Register(nameof(OneHotEncodingEstimator));
        var toKey = new ValueToKeyMappingEstimator(host, columns, options);
        (string, string)[] keys = [.. columns.Select(pair => (pair.outputColumnName, pair.outputColumnName))];
        _steps = outputKind switch
        {
            OutputKind.Key => toKey,
            OutputKind.Indicator or OutputKind.Bag =>
                toKey.Append(new KeyToVectorMappingEstimator(host, keys, outputCountVector: outputKind == OutputKind.Bag)),
            OutputKind.Binary => throw new NotSupportedException("This polyfill of ML.NET does not encode keys as bits."),
            _ => throw Contracts.ExceptParam(nameof(outputKind), $"Unknown kind of output {outputKind}"),
        };
    }

    public enum OutputKind : byte
    {
        Bag = 1,
        Indicator = 2,
        Key = 3,
        Binary = 4,
    }

    public OneHotEncodingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new(_steps.Fit(input));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return _steps.GetOutputSchema(inputSchema);
    }
}
