using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly (string outputColumnName, string inputColumnName)[] _columns;
    private readonly Options _options;

    internal ValueToKeyMappingEstimator(
        IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, Options options)
    {
        Contracts.CheckNonEmpty(columns, nameof(columns));
        foreach (var (outputColumnName, _) in columns)
            Contracts.CheckParam(!string.IsNullOrWhiteSpace(outputColumnName), nameof(outputColumnName), "The name of a column is blank.");
        Contracts.CheckParam(options.KeyData is null or { Schema.Count: 1 }, "keyData",
            $"The key data must have one column that holds the terms; it has {options.KeyData?.Schema.Count}.");
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        _columns = columns;
        _options = options;
    }

    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return ValueToKeyMappingTransformer.Train(_host, input, _columns, _options);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(_columns.Select(pair =>
        {
            var source = inputSchema.Find(pair.inputColumnName);
            if (!source.ItemType.IsStandardScalar() || source.IsKey)
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name,
                    "a number, text or Boolean", source.GetTypeString());
            }

            List<SchemaShape.Column> annotations = [new(AnnotationNames.KeyValues, SchemaShape.Column.VectorKind.Vector,
                _options.AnnotationsAsText ? TextDataViewType.Instance : source.ItemType, false)];
            if (source.Annotations.TryFindColumn(AnnotationNames.SlotNames, out var names))
                annotations.Add(names);
            return new SchemaShape.Column(pair.outputColumnName, source.Kind, NumberDataViewType.UInt32, true, new(annotations));
        }));
    }

    internal sealed record Options(int MaximumNumberOfKeys, KeyOrdinality Ordinality, bool AnnotationsAsText, IDataView? KeyData);
}
