using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.ML.GradientStability.OnnxProto;
using Microsoft.ML.Transforms.Onnx;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The weights of a network that was trained before, by name, read from its ONNX bytes: those of a transformer of ours, or those in
/// the official transformers that a loaded model consists of.
/// </summary>
internal sealed class PreviousNetwork
{
    /// <summary>Under which the metadata of a file hold the options of the trainer.</summary>
    public const string OptionsKey = "options";

    private readonly Dictionary<string, float[]> _values;
    private readonly Dictionary<string, long[]> _numbers;
    private readonly Dictionary<string, string> _metadata;
    private readonly NodeProto[] _nodes;
    private readonly TensorProto[] _constants;
    private readonly int _prefix;

    /// <summary>Whether its file holds nothing else.</summary>
    private readonly bool _isAlone;

    /// <summary>The numbers of its weights, where they are not those that it was trained in.</summary>
    private string? _precision;

    /// <param name="nodes">Its nodes, by the names that they have in a file of its own.</param>
    /// <param name="constants">Its constants.</param>
    /// <param name="prefix">What the names of those begin with.</param>
    /// <param name="metadata">Its own.</param>
    /// <param name="isAlone">Whether its file holds nothing else.</param>
    private PreviousNetwork(IEnumerable<NodeProto> nodes, IEnumerable<TensorProto> constants, string prefix, IEnumerable<KeyValuePair<string, string>> metadata, bool isAlone)
    {
        (_nodes, _constants, _prefix, _metadata, _isAlone) = ([.. nodes], [.. constants], prefix.Length, new(metadata), isAlone);
        _values = _constants.Where(constant => constant.DataType == TensorProto.Types.DataType.Float).ToDictionary(
            constant => constant.Name[prefix.Length..], constant => MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray());
        _numbers = _constants.Where(constant => constant.DataType == TensorProto.Types.DataType.Int64).ToDictionary(
            constant => constant.Name[prefix.Length..], constant => MemoryMarshal.Cast<byte, long>(constant.RawData.Span).ToArray());
    }

    /// <summary>The network of the objective's task, of several in a pipeline.</summary>
    /// <exception cref="InvalidOperationException">The model holds no network of ours.</exception>
    /// <exception cref="InvalidDataException">It holds a damaged one.</exception>
    public static PreviousNetwork Find(ITransformer model, Objective objective)
    {
        var found = All(model).ToArray();
        var task = objective.Metadata.First(m => m.Key == "task").Value;
        return found.FirstOrDefault(network => network._metadata.GetValueOrDefault("task") == task)
            ?? found.FirstOrDefault() ?? throw NoNetwork("previous model");
    }

    /// <summary>The options by which the first network of a model was trained, as JSON.</summary>
    /// <exception cref="InvalidOperationException">The model holds no network of ours.</exception>
    /// <exception cref="InvalidDataException">It holds a damaged one.</exception>
    public static string OptionsOf(ITransformer model) => OptionsOrNull(model) ?? throw NoNetwork("model");

    /// <summary>The same; <see langword="null"/> of a model that holds no network of ours.</summary>
    public static string? OptionsOrNull(ITransformer model) => All(model).FirstOrDefault()?._metadata[OptionsKey];

    /// <summary>The same of an ONNX transformer that is a network and nothing else; <see langword="null"/> of any other.</summary>
    public static string? OptionsOfNetworkAlone(OnnxTransformer model) => All(model).FirstOrDefault(network => network._isAlone)?._metadata[OptionsKey];

    /// <summary>What the files of all networks of a model say of them.</summary>
    /// <exception cref="InvalidDataException">It holds a damaged one.</exception>
    public static IEnumerable<IReadOnlyDictionary<string, string>> MetadataOf(ITransformer model) => All(model).Select(network => network._metadata);

    private static IEnumerable<PreviousNetwork> All(ITransformer model) => model switch
    {
        IOnnxNetwork ours => Open(ours.Onnx),
        OnnxTransformer official => Saved(official).SelectMany(bytes => Open(bytes)),
        IEnumerable<ITransformer> chain => chain.SelectMany(All),
        _ => [],
    };

    private static IEnumerable<PreviousNetwork> Open(byte[] onnx)
    {
        if (OnnxDigest.Open(onnx) is not { } model)
            return [];
        var graph = model.Graph;
        var precision = model.MetadataProps.FirstOrDefault(entry => entry.Key == OnnxNetworkEntry.PrecisionKey)?.Value;
        if (OnnxNetworkEntry.Read(model) is { } networks)
            return networks.Select(network => new PreviousNetwork(
                graph.Node.Where(node => node.Name.StartsWith(network.Scope, StringComparison.Ordinal)).Select(node => new NodeProto(node) { Name = node.Name[network.Scope.Length..] }),
                graph.Initializer.Where(constant => constant.Name.StartsWith(network.Scope, StringComparison.Ordinal)), network.Scope, network.Metadata, isAlone: false) { _precision = precision });
        var prefix = OnnxGraph.InnerPrefix([.. graph.Input.Concat(graph.Output).Select(column => column.Name)]);
        return [new PreviousNetwork(
            graph.Node.Where(node => !IsDoor(node.Name)), graph.Initializer.Where(constant => !IsDoor(constant.Name)), prefix, model.MetadataProps.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)), isAlone: true)];
    }

    /// <summary>Whether a name is one of what a saved model has before its network.</summary>
    private static bool IsDoor(string name) => name.StartsWith(InputDoor.Scope, StringComparison.Ordinal) || name.StartsWith(PaddedInput.Scope, StringComparison.Ordinal);

    /// <summary>The bytes that an official transformer scores by. It shows them in the file alone that it writes.</summary>
    private static IEnumerable<byte[]> Saved(OnnxTransformer transformer)
    {
        using var temporary = new PrivateFolder();
        using var file = new MemoryStream();
        temporary.Context.Model.Save(transformer, inputSchema: null, file);
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries.Where(OnnxEntry.Is))
            yield return OnnxEntry.Read(entry);
    }

    /// <summary>The options that it was trained by, as JSON.</summary>
    public string Options => _metadata[OptionsKey];

    /// <summary>A single number of the network, such as the mean of its targets.</summary>
    public float Number(string name) => _values.TryGetValue(name, out var values) ? values[0] : throw Other($"it has no '{name}'");

    /// <summary>The encoding of its features, where it has one.</summary>
    public InputCode? Code(Network network, int features) =>
        network.ReadCode(features, name => _values.TryGetValue(name, out var values) ? values : _numbers.GetValueOrDefault(name));

    /// <summary>Sets the parameters, running statistics and scalings of a module.</summary>
    /// <exception cref="InvalidOperationException">The module is of another form, or for another task or other classes.</exception>
    public void CopyTo(NetworkModule module, Objective objective)
    {
        if (_precision is not null)
            throw Other($"its weights were written in {_precision}, and training goes on from Single");
        foreach (var (key, value) in objective.Metadata)
            if (_metadata.GetValueOrDefault(key) is var had && had != value)
                throw Other($"its {key} is {Listing.Short(had ?? "none")}, not {Listing.Short(value)}");
        var graph = new OnnxGraph();
        objective.WriteOnnx(graph, module, "features");
        var learnt = module.named_parameters().Select(p => p.name).Concat(module.ScoringBuffers().Select(b => b.Name)).ToHashSet();
        var (form, formHere) = (Form(_nodes, _constants, _prefix, learnt), Form(graph.Nodes, graph.Constants, OnnxGraph.InnerPrefix().Length, learnt));
        for (var i = 0; i < Math.Max(form.Length, formHere.Length); i++)
            if (form.ElementAtOrDefault(i) is var had && formHere.ElementAtOrDefault(i) is var now && had != now)
                throw Other($"it has {had ?? "no further part"} in place of {now ?? "no further part"}");

        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, parameter) in module.named_parameters())
            Copy(name, parameter);
        foreach (var (name, buffer) in module.ScoringBuffers())
            Copy(name, buffer);
    }

    private void Copy(string name, Tensor destination)
    {
        var values = _values[name];
        if (values.Length != destination.numel())
            throw Other($"it has {values.Length} values '{name}', not {destination.numel()}");
        destination.copy_(tensor(values, destination.shape, device: CPU));
    }

    /// <summary>All that decides what a network computes but what it learnt: its parts in order, their attributes, and the constants that they use.</summary>
    private static string[] Form(IEnumerable<NodeProto> nodes, IEnumerable<TensorProto> constants, int prefix, HashSet<string> learnt) =>
    [
        .. OnnxGraph.WithBodies(nodes).Select(node => $"'{node.Name}' ({node.OpType}{string.Concat(node.Attribute.Select(Describe))})"),
        .. from constant in constants
           let name = constant.Name[prefix..]
           where !learnt.Contains(name)
           select $"'{name}' of {Describe(constant)}",
    ];

    private static string Describe(AttributeProto attribute) => Invariant($", {attribute.Name} {(attribute.HasF ? attribute.F : attribute.I)}{string.Join(' ', attribute.Ints)}{attribute.S?.ToStringUtf8()}{string.Concat(attribute.Strings.Select(text => $" {text.ToStringUtf8()}"))}");

    private static string Describe(TensorProto constant) => constant.DataType == TensorProto.Types.DataType.Float
        ? Describe(MemoryMarshal.Cast<byte, float>(constant.RawData.Span))
        : Describe(MemoryMarshal.Cast<byte, long>(constant.RawData.Span));

    private static string Describe<T>(ReadOnlySpan<T> values) => string.Join(' ', values.ToArray().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));

    private static InvalidOperationException NoNetwork(string model) => new(
        $"The {model} holds no deep network of this library. Pass a model that a DeepNetwork trainer fitted, or one loaded from its file.");

    public static InvalidOperationException Other(string how) => new(
        $"The previous model is of another form: {how}. Use the same task, Network and StandardizeFeatures options, features and labels.");
}
