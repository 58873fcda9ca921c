using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Checks that the columns of a schema fit a model's inputs, and scores rows of that schema.</summary>
internal sealed class OnnxRowMapper : RowMapper
{
    private const string OutputSuffix = ".output";

    private readonly OnnxModel _model;
    private readonly OnnxVariable[] _outputs;
    private readonly (OnnxVariable Variable, DataViewSchema.Column Column)[] _inputs;

    public OnnxRowMapper(OnnxTransformer parent, DataViewSchema inputSchema)
        : base(inputSchema)
    {
        _model = parent.Model;
        _outputs = [.. parent.Outputs.Select(_model.Output)];
        _inputs = [.. parent.Inputs.Select(name => (_model.Input(name), Check(_model.Input(name), inputSchema)))];
    }

    protected override DataViewSchema.DetachedColumn[] GetOutputColumns() =>
        [.. _outputs.Select(output => new DataViewSchema.DetachedColumn(NameOfColumn(output.Name), output.Type))];

    internal override void MarkDependencies(int iOut, bool[] active)
    {
        foreach (var (_, column) in _inputs)
            active[column.Index] = true;
    }

    // One run of the model serves every output of a row.
    internal override Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isOutputActive, out Action? disposer)
    {
        disposer = null;
        var getters = new Delegate?[_outputs.Length];
        var active = Enumerable.Range(0, _outputs.Length).Where(isOutputActive).ToArray();
        if (active.Length == 0)
            return getters;

        var inputs = _inputs.Select(pair => OnnxInput.Create(input, input.Schema[pair.Column.Index], pair.Variable)).ToArray();
        var outputs = active.Select(i => OnnxOutput.Create(_outputs[i])).ToArray();
        var scorer = new OnnxRowScorer(_model.Session, input, inputs, outputs);
        for (var i = 0; i < active.Length; i++)
            getters[active[i]] = outputs[i].MakeGetter(scorer);
        disposer = scorer.Dispose;
        return getters;
    }

    private static string NameOfColumn(string output) => output.EndsWith(OutputSuffix) ? output.Replace(OutputSuffix, "") : output;

    private static DataViewSchema.Column Check(OnnxVariable input, DataViewSchema inputSchema)
    {
        if (input.Shape.Count(size => size == 0) > 1)
            throw Contracts.ExceptParam(input.Name, "Only 1 unknown dimension is allowed");
        if (!inputSchema.TryGetColumn(input.Name, out var column))
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name);

        // A key of the same raw type passes as a number.
        var itemType = column.Type.GetItemType();
        if (!itemType.Equals(input.ItemType) && !(itemType is KeyDataViewType && itemType.RawType == input.ItemType.RawType))
            throw Contracts.ExceptSchemaMismatch(
                nameof(inputSchema), "input", input.Name, input.ItemType.ToString()!, column.Type.ToString()!);

        var known = input.Shape.Aggregate(1, (product, size) => product * size);
        var length = column.Type.GetValueCount();
        Contracts.Check(known == 0 || length % known == 0,
            $"Input shape mismatch: Input '{input.Name}' has shape {string.Join(",", input.Shape)}, but input data is of length {length}.");
        return column;
    }
}
