using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The TorchSharp modules of a network: the scaling of its numbers, their encoding, the embeddings of its keys and the members of an ensemble, if any,
/// then its parts in order.
/// Input (batch × features), dense, or sparse in coordinates where there are <see cref="Slots"/>; output (batch × outputs), of an ensemble
/// (members × batch × outputs).
/// </summary>
internal sealed class NetworkModule : nn.Module<Tensor, Tensor>
{
    private readonly InputCode.Encoder? _encoder;
    private readonly BesideColumns? _beside;
    private InputScaling? _input;
    private InputScaling? _column;
    private WrittenNetwork? _written;

    /// <param name="parts">From the input to the output.</param>
    /// <param name="code">The encoding of the features, if any.</param>
    /// <param name="members">What makes of a row one for each member of an ensemble, if any.</param>
    /// <param name="features">Width of the input; by default what the encoding or the first layer takes.</param>
    /// <param name="keys">The embeddings of the keys that a row ends with, if any; <paramref name="features"/> counts these keys.</param>
    public NetworkModule(IReadOnlyList<NetworkPart> parts, InputCode? code = null, MemberRows? members = null, int? features = null, KeyEmbeddings? keys = null) : base("network")
    {
        Parts = parts;
        Code = code;
        _encoder = code?.CreateModule();
        if (_encoder is not null)
            register_module(InputCode.Name, _encoder);
        Members = members;
        if (members is not null)
            register_module("members", members);
        Keys = keys;
        if (keys is not null)
            register_module(keys.Name, keys);
        Doors = keys?.Layers.Count ?? parts[0].Doors;
        _beside = parts[0].Beside;
        Layers = [.. keys?.Layers ?? [], .. parts.SelectMany(part => part.Layers)];
        Features = features ?? code?.Features ?? Layers[0].Inputs;
        foreach (var part in parts)
            register_module(part.Name, part);
        for (var index = 0; index < Layers.Count; index++)
            if (Layers[index] is { Title: "" } layer)
                layer.Title = (index == Layers.Count - 1 ? "output layer" : $"hidden layer {index + 1 - Doors} of {Layers.Count - 1 - Doors}") + $" ({layer.Inputs}→{layer.Units})";
    }

    /// <summary>From the input to the output.</summary>
    public IReadOnlyList<NetworkPart> Parts { get; }

    /// <summary>The layers, in order: those of the embeddings of keys, then those in all parts.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>Layers at the beginning that stand side by side before all others: the embeddings of keys.</summary>
    public int Doors { get; }

    /// <summary>The embeddings of keys; <see langword="null"/> where all features are numbers.</summary>
    public KeyEmbeddings? Keys { get; }

    /// <summary>Features that are numbers, the first of a row; of one whose last column is read by itself those before it.</summary>
    public int Numbers => _beside?.Numbers ?? Features - (Keys?.Slots ?? 0);

    /// <summary>Features of a row before the column that is read by itself.</summary>
    public int Before => _beside?.Slots ?? 0;

    /// <summary>Numbers that its scaling has a mean for: those of a step where there is a <see cref="StepSize"/>, and none of tokens.</summary>
    public int Scaled => _beside is null
        ? StepSize > 0 ? StepSize : Numbers
        : Numbers + (Sequence is { AreTokens: true } ? 0 : StepSize > 0 ? StepSize : Features - Before);

    /// <summary>The first layer's linear map over sparse rows; <see langword="null"/> where the network takes dense ones only.</summary>
    public SlotLinear? Slots => Members is null && Keys is null ? (Layers[0] as WeightedLayer)?.Slots : null;

    /// <summary>Width of the input, features a row.</summary>
    public int Features { get; }

    /// <summary>The encoding of the scaled features; <see langword="null"/> where the first layer gets these as they are.</summary>
    public InputCode? Code { get; }

    /// <summary>What makes of a row one for each member; <see langword="null"/> where the network is no ensemble.</summary>
    public MemberRows? Members { get; }

    /// <summary>What measures gradients over the steps of sequences; <see langword="null"/> where rows are none.</summary>
    public TimeProbe? Time => Sequence?.Time;

    /// <summary>Numbers of a step where rows are sequences of different lengths, and <see cref="Features"/> those of the longest; 0 where all rows have as many.</summary>
    public int StepSize => Sequence?.StepSize ?? 0;

    /// <summary>
    /// Features of a step where the label of the step before is fed too, and <see cref="forward"/> takes rows with those (<see cref="LabelsBefore"/>); <see langword="null"/> where none is.
    /// </summary>
    public int? FedStep => Sequence?.FedStep;

    /// <summary>What gradients keep from step to step, of plain recurrent layers.</summary>
    public IReadOnlyList<RecurrentFlow> Flows => Sequence?.Flows ?? [];

    private IEnumerable<NetworkPart> BehindSequence => Parts.SkipWhile(part => part != Sequence).Skip(1);

    private SequenceEncoder? Sequence => Parts.SelectMany(part => part.Links).OfType<SequenceEncoder>().FirstOrDefault();

    public bool ScalesInput => (_input ?? _column) is not null;

    /// <summary>Puts a scaling before the first layer, once.</summary>
    /// <param name="mean">A number for each of those that are <see cref="Scaled"/>.</param>
    /// <param name="scale">A factor a feature that is a number.</param>
    /// <param name="offset">What is added to the product.</param>
    public void ScaleInput(float[] mean, float[] scale, float[] offset)
    {
        if (_beside is null)
        {
            register_module("input", _input = new InputScaling(mean, scale, offset, ofSteps: StepSize > 0));
            return;
        }
        var numbers = _beside.Numbers;
        if (numbers > 0)
            register_module("input", _input = new InputScaling(mean[..numbers], scale[..numbers], offset[..numbers]));
        if (mean.Length > numbers)
            register_module("column", _column = new InputScaling(mean[numbers..], scale[numbers..], offset[numbers..], ofSteps: StepSize > 0, "column"));
    }

    /// <summary>All that is trained, layer by layer; what a part learns beside its layers stands with the last of them, or with the layer
    /// before it, what the encoding and the members do with the first behind the embeddings.</summary>
    public IEnumerable<(Layer Layer, IEnumerable<Parameter> Parameters)> ParametersByLayer()
    {
        var owned = Layers.ToDictionary(layer => layer, layer => layer.parameters().ToList());
        var last = Layers[0];
        foreach (var part in Parts.SelectMany(part => part.Links))
        {
            last = part.Layers.LastOrDefault() ?? last;
            owned[last].AddRange(part.OwnParameters());
        }
        owned[Layers[Doors]].AddRange(OwnParameters());
        return Layers.Select(layer => (layer, (IEnumerable<Parameter>)owned[layer]));
    }

    private IEnumerable<Parameter> OwnParameters()
    {
        var ofEncoder = _encoder?.OwnParameters() ?? [];
        return Members is null ? ofEncoder : ofEncoder.Append(Members.Scale);
    }

    /// <summary>All that scoring needs beside the parameters: running statistics, scalings and edges of bins, not numbers of slots.</summary>
    public IEnumerable<(string Name, Tensor Values)> ScoringBuffers() => named_buffers()
        .Where(b => b.Item2.dtype == ScalarType.Float32);

    /// <summary>Those of them that are averages over batches, as batch normalization keeps.</summary>
    public IEnumerable<Tensor> RunningStatistics() => ScoringBuffers().Where(b => b.Name.Contains(".running_")).Select(b => b.Values);

    /// <summary>Multiplies its outputs by way of the output layer's weights, where their scale is free; tells whether it is.</summary>
    public bool ScaleOutputs(double factor) => Parts[^1] is WeightedLayer output && output.ScaleOutputs(factor);

    /// <remarks>Where it was written out, evaluation of dense rows without gradients goes that way too.</remarks>
    public override Tensor forward(Tensor input) => _written is not null && !training && !input.is_sparse && !is_grad_enabled()
        ? Members is { Members: var members } ? _written.Score(input).view(members, input.size(0), -1) : _written.Score(input)
        : Apply(Parts, Enter(input));

    /// <summary>The outputs for rows as they are scored: where labels are fed, these are those that the network tells itself.</summary>
    public Tensor Predict(Tensor rows) => FedStep is null ? forward(rows) : Sequence!.Tell(Scale(rows), x => Apply(BehindSequence, x));

    /// <summary>A row as the first of the parts gets it.</summary>
    public Tensor Enter(Tensor input)
    {
        if (FedStep is not { } size)
            return Encode(Scale(input));
        var (features, labels) = LabelsBefore.Part(input, size);
        return cat([Scale(features), labels], 1);
    }

    /// <summary>The input with its numbers scaled, its keys as they are.</summary>
    public Tensor Scale(Tensor input) => _beside is not null ? ScaleColumns(input)
        : _input is null ? input
        : Keys is null ? _input.forward(input)
        : cat([_input.forward(NumbersOf(input)), KeysOf(input)], 1);

    private Tensor ScaleColumns(Tensor input)
    {
        if (!ScalesInput)
            return input;
        var (numbers, column) = (NumbersOf(input), input.narrow(1, Before, input.shape[1] - Before).contiguous());
        return cat([_input?.forward(numbers) ?? numbers, input.narrow(1, Numbers, Before - Numbers), _column?.forward(column) ?? column], 1);
    }

    /// <summary>The numbers that its encoding gives, in words.</summary>
    /// <param name="features">The features that are numbers, in words.</param>
    public IReadOnlyList<string> Names(IReadOnlyList<string> features) =>
        Code is null ? features : [.. Code.Names(features, (feature, scaled) => _input?.Unscaled(feature, scaled) ?? scaled)];

    /// <summary>The scaled input as the first layer gets it.</summary>
    public Tensor Encode(Tensor scaled)
    {
        var encoded = Keys is null ? scaled : NumbersOf(scaled);
        if (_encoder is not null)
            encoded = _encoder.forward(encoded);
        if (Keys is not null)
            encoded = cat([encoded, Keys.forward(KeysOf(scaled))], 1);
        return Members is null ? encoded : Members.forward(encoded);
    }

    private Tensor NumbersOf(Tensor rows) => rows.narrow(1, 0, Numbers);

    private Tensor KeysOf(Tensor rows) => rows.narrow(1, Numbers, Features - Numbers);

    /// <summary>The network written out for the steps of one fit, over dense rows; <see langword="null"/> where one of its parts is not.</summary>
    public WrittenNetwork? WriteOut()
    {
        var encoding = _encoder?.WriteOut();
        return _written = (encoding is null) == (_encoder is null) && Chain.Of([Members, .. Parts]) is { } parts
            ? new WrittenNetwork(Features, _input?.WriteOut(), encoding, Keys?.WriteOut(Code?.Width ?? Numbers), Numbers, parts)
            : null;
    }

    /// <summary>Some of the parts, in order.</summary>
    public static Tensor Apply(IEnumerable<NetworkPart> parts, Tensor input)
    {
        foreach (var part in parts)
            input = part.forward(input);
        return input;
    }

    /// <summary>Writes the nodes of every part as they compute in evaluation mode, and returns the name of the output.</summary>
    public string WriteOnnx(OnnxGraph graph, string input) => FedStep is null
        ? WriteOnnx(graph, Parts, WriteEncoding(graph, WriteScaling(graph, input)))
        : Sequence!.WriteTell(graph, WriteScaling(graph, input), x => WriteOnnx(graph, BehindSequence, x));

    public string WriteScaling(OnnxGraph graph, string input) => _beside is not null ? WriteScalingOfColumns(graph, input)
        : _input is null ? input
        : Keys is null ? _input.WriteOnnx(graph, input)
        : graph.Add("Concat", [_input.WriteOnnx(graph, WriteSlots(graph, input, 0, Numbers, "input.numbers")), WriteSlots(graph, input, Numbers, Features, "input.keys")], "input.scaledRow", ("axis", 1));

    private string WriteScalingOfColumns(OnnxGraph graph, string input)
    {
        if (!ScalesInput)
            return input;
        List<string> row = [];
        if (Numbers > 0)
            row.Add(Part(_input, 0, Numbers, "input.numbers"));
        if (Before > Numbers)
            row.Add(Part(null, Numbers, Before, "input.keys"));
        row.Add(Part(_column, Before, null, "column.numbers"));
        return graph.Add("Concat", [.. row], "input.scaledRow", ("axis", 1));

        string Part(InputScaling? scaling, int start, int? end, string name)
        {
            var part = JoinedColumns.WritePart(graph, input, start, end, name);
            return scaling?.WriteOnnx(graph, part) ?? part;
        }
    }

    public string WriteEncoding(OnnxGraph graph, string scaled)
    {
        var encoded = Keys is null ? scaled : Numbers == 0 ? "" : WriteSlots(graph, scaled, 0, Numbers, "encoding.row");
        if (_encoder is not null)
            encoded = _encoder.WriteOnnx(graph, encoded);
        if (Keys is not null)
        {
            var vectors = Keys.WriteOnnx(graph, WriteSlots(graph, scaled, Numbers, Features, $"{Keys.Name}.row"), Keys.Name);
            encoded = Numbers == 0 ? vectors : graph.Add("Concat", [encoded, vectors], $"{Keys.Name}.beside", ("axis", 1));
        }
        return Members is null ? encoded : Members.WriteOnnx(graph, encoded);
    }

    /// <summary>Some of the features of a row.</summary>
    private static string WriteSlots(OnnxGraph graph, string row, int start, int end, string name) =>
        graph.Add("Gather", [row, graph.Constant($"{name}.slots", [.. Enumerable.Range(start, end - start).Select(slot => (long)slot)])], name, ("axis", 1));

    public static string WriteOnnx(OnnxGraph graph, IEnumerable<NetworkPart> parts, string input)
    {
        foreach (var part in parts)
            input = part.WriteOnnx(graph, input, part.Name);
        return input;
    }
}
