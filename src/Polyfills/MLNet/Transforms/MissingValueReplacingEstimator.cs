using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class MissingValueReplacingEstimator : IEstimator<MissingValueReplacingTransformer>
{
    private readonly IHost _host;
    private readonly (string outputColumnName, string inputColumnName)[] _columns;
    private readonly ReplacementMode _mode;
    private readonly bool _bySlot;

    internal MissingValueReplacingEstimator(
        IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, ReplacementMode mode, bool bySlot)
    {
        foreach (var (outputColumnName, _) in columns)
            Contracts.CheckParam(!string.IsNullOrWhiteSpace(outputColumnName), nameof(outputColumnName), "The name of a column is blank.");
        _host = env.Register(nameof(MissingValueReplacingEstimator));
        (_columns, _mode, _bySlot) = (columns, mode, bySlot);
    }

    public enum ReplacementMode : byte
    {
        DefaultValue = 0,
        Mean = 1,
        Minimum = 2,
        Maximum = 3,
        Mode = 5,
    }

    public MissingValueReplacingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var sources = _columns.Select(pair => input.Schema.TryGetColumn(pair.inputColumnName, out var column)
            ? column
            : throw Contracts.ExceptSchemaMismatch(nameof(input), "input", pair.inputColumnName)).ToArray();
        foreach (var source in sources)
            MissingValueReplacingTransformer.CheckType(source.Type.GetItemType());
        var replacements = Replacement.Train(_host, input, sources, _mode, _bySlot);
        return new MissingValueReplacingTransformer(_host.Register(nameof(MissingValueReplacingTransformer)), _columns, replacements);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.With(_columns.Select(pair =>
        {
            var source = inputSchema.Find(pair.inputColumnName);
            MissingValueReplacingTransformer.CheckType(source.ItemType);
            var annotations = source.Annotations.Where(a => a.Name is AnnotationNames.SlotNames or AnnotationNames.IsNormalized);
            return new SchemaShape.Column(pair.outputColumnName, source.Kind, source.ItemType, false, new(annotations));
        }));
    }
}
