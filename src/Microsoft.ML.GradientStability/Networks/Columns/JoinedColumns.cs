using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What is read of one column, beside the numbers of others and the vectors of their keys: batch × [numbers, keys, the column] becomes batch × [numbers, vectors, what
/// is read].
/// </summary>
internal sealed class JoinedColumns : NetworkPart
{
    private readonly BesideColumns _columns;
    private readonly KeyEmbeddings? _keys;
    private readonly IReadOnlyList<NetworkPart> _reader;

    /// <param name="columns">Those beside.</param>
    /// <param name="reader">What reads the column, in order.</param>
    /// <param name="units">Numbers that it gives.</param>
    /// <param name="origin">What the vectors are drawn from.</param>
    public JoinedColumns(BesideColumns columns, IReadOnlyList<NetworkPart> reader, int units, in Origin origin) : base("columns")
    {
        (_columns, _reader) = (columns, reader);
        if (!columns.Keys.IsEmpty)
            register_module("keys", _keys = new KeyEmbeddings(columns.Keys, width: null, origin));
        foreach (var part in reader)
            register_module(part.Name, part);
        Units = columns.Numbers + (_keys?.Width ?? 0) + units;
        Layers = [.. _keys?.Layers ?? [], .. reader.SelectMany(part => part.Layers)];
    }

    /// <summary>Numbers that it gives.</summary>
    public int Units { get; }

    public override IReadOnlyList<Layer> Layers { get; }

    public override int Doors => _keys?.Layers.Count ?? 0;

    public override BesideColumns? Beside => _columns;

    public override IEnumerable<NetworkPart> Links => _reader;

    public override Tensor forward(Tensor input)
    {
        var read = NetworkModule.Apply(_reader, Column(input));
        var numbers = input.narrow(1, 0, _columns.Numbers);
        return cat(_keys is null ? [numbers, read] : [numbers, _keys.forward(Keys(input)), read], 1);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input)
    {
        if (_keys is not null && _keys.Layers.Contains(layer))
            return _keys.LinearOutput(layer, Keys(input));
        var x = Column(input);
        foreach (var part in _reader)
        {
            if (part.Layers.Contains(layer))
                return part.LinearOutput(layer, x);
            x = part.forward(x);
        }
        return x;
    }

    public override string WriteOnnx(OnnxGraph graph, string input, string path)
    {
        var read = WritePart(graph, input, _columns.Slots, null, $"{path}.column");
        foreach (var part in _reader)
            read = part.WriteOnnx(graph, read, $"{path}.{part.Name}");
        List<string> row = [];
        if (_columns.Numbers > 0)
            row.Add(WritePart(graph, input, 0, _columns.Numbers, $"{path}.numbers"));
        if (_keys is not null)
            row.Add(_keys.WriteOnnx(graph, WritePart(graph, input, _columns.Numbers, _columns.Slots, $"{path}.slots"), $"{path}.keys"));
        return graph.Add("Concat", [.. row, read], path, ("axis", 1));
    }

    /// <summary>Some of the features of a row.</summary>
    /// <param name="graph">The graph under construction.</param>
    /// <param name="row">Its name.</param>
    /// <param name="start">The first.</param>
    /// <param name="end">Behind the last; <see langword="null"/> for all that are there.</param>
    /// <param name="path">Where it stands in the network.</param>
    public static string WritePart(OnnxGraph graph, string row, int start, int? end, string path) => graph.Add("Slice",
        [row, graph.Constant($"{path}.from", [(long)start]), graph.Constant($"{path}.to", [end ?? long.MaxValue]), graph.Constant($"{path}.axis", [1L])], path);

    private Tensor Column(Tensor input) => input.narrow(1, _columns.Slots, input.shape[1] - _columns.Slots).contiguous();

    private Tensor Keys(Tensor input) => input.narrow(1, _columns.Numbers, _columns.Slots - _columns.Numbers);
}
