using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The encoder of a transformer over sequences (Vaswani et al. 2017): tokens are embedded, or steps of numbers mapped, to <see cref="Width"/> numbers; positions are
/// added; blocks of attention and dense layers follow, in the end a normalization where the blocks have theirs at the head; and an output layer over the mean
/// of the steps that are there, or over the last one where attention is <see cref="Causal"/>.
/// </summary>
public sealed record AttentionNetwork : ColumnNetwork
{
    private readonly Activation _activation = Activation.Gelu;
    private readonly Normalization _normalization = Normalization.Layer;
    private readonly WeightParametrization _parametrization = WeightParametrization.None;
    private readonly Residual _residual = Residual.Identity;
    private readonly PositionEncoding _positions = PositionEncoding.Learned;
    private readonly int _width = 64;
    private readonly int _layers = 2;
    private readonly int _heads = 4;
    private readonly int? _units;
    private readonly double _dropout;

    [JsonConstructor]
    internal AttentionNetwork() { }

    /// <summary>
    /// How the numbers of a row are steps. Default <see langword="null"/>: by the feature column; its keys as tokens, its two dimensions as steps × features, or a number a step. Where the
    /// column has vectors of unknown size, the steps are the most that a row has; by default those of the longest training row.
    /// </summary>
    public InputShape? Input { get; init; }

    /// <summary>Numbers of a step within the network, a multiple of <see cref="Heads"/>, in [1, 8192]. Default 64.</summary>
    public int Width
    {
        get => _width;
        init
        {
            Check.That(value is >= 1 and <= 8192, nameof(Width), value, "a step has 1 to 8192 numbers");
            _width = value;
        }
    }

    /// <summary>Blocks, at least 1. Default 2.</summary>
    public int Layers { get => _layers; init => _layers = Check.AtLeast(value, 1, nameof(Layers)); }

    /// <summary>Heads of a block's attention, at least 1. Default 4.</summary>
    public int Heads { get => _heads; init => _heads = Check.AtLeast(value, 1, nameof(Heads)); }

    /// <summary>Units of the dense layers within a block, at least 1. Default <see langword="null"/>: four times <see cref="Width"/>.</summary>
    public int? FeedForwardUnits { get => _units; init => _units = value is { } units ? Check.AtLeast(units, 1, nameof(FeedForwardUnits)) : null; }

    /// <summary>How steps know their order. Default <see cref="PositionEncoding.Learned"/>.</summary>
    public PositionEncoding Positions { get => _positions; init => _positions = Check.NotNull(value, nameof(Positions)); }

    /// <summary>Whether a step looks only at those up to itself, and the output at the last. Default <see langword="false"/>.</summary>
    public bool Causal { get; init; }

    /// <summary>Whether queries and keys are normalized, so that attention cannot saturate (Henry et al. 2020). Default <see langword="false"/>.</summary>
    public bool QkNormalization { get; init; }

    /// <summary>The nonlinearity of the dense layers. Default <see cref="Activation.Gelu"/>.</summary>
    public Activation Activation { get => _activation; init => _activation = Check.NotNull(value, nameof(Activation)); }

    /// <summary>What keeps every step in range: layer or RMS normalization, or none. Default <see cref="Normalization.Layer"/>.</summary>
    public Normalization Normalization { get => _normalization; init => _normalization = Check.NotNull(value, nameof(Normalization)); }

    /// <summary>What keeps the weights of the linear layers in range. Default <see cref="WeightParametrization.None"/>.</summary>
    public WeightParametrization WeightParametrization { get => _parametrization; init => _parametrization = Check.NotNull(value, nameof(WeightParametrization)); }

    /// <summary>
    /// The shortcuts of a block: pre-norm (Xiong et al. 2020) or post-norm, gated or not, left out at random or not; the identity otherwise, and a branch is what it is.
    /// Default <see cref="Residual.Identity"/>, pre-norm.
    /// </summary>
    public Residual Residual { get => _residual; init => _residual = Check.NotNull(value, nameof(Residual)); }

    /// <summary>The share of the numbers behind each branch set to zero at random in a training step, in [0, 1). Default 0.</summary>
    public double Dropout { get => _dropout; init => _dropout = Check.InRange(value, 0, 1, nameof(Dropout), upperIncluded: false); }

    internal override NetworkTraits Traits => new()
    {
        HiddenUnits = [.. Enumerable.Repeat(Width, 2 * Layers)], Activation = Activation, Normalization = Normalization, WeightParametrization = WeightParametrization, CanSkip = true, Residual = Residual, Dropout = Dropout,
    };

    internal override InputShape? Shape => Input;

    internal override bool TakesKeys => true;

    internal override bool TakesSequences => true;

    internal override bool HasMostSteps => true;

    internal override Network With(NetworkTraits traits) =>
        this with { Activation = traits.Activation!, Normalization = traits.Normalization!, Residual = traits.Residual!, Dropout = traits.Dropout!.Value };

    internal override IEnumerable<(string Option, string Reason)> Objections()
    {
        if (Width % Heads != 0)
            yield return (nameof(Heads), $"{Heads} heads do not divide a width of {Width}; change one or the other");
        if (Residual is ProjectionResidual)
            yield return (nameof(Residual), "the shortcuts of attention are the identity; set Residual.Identity or Residual.Gated");
        if (Activation is PReluActivation { PerUnit: true })
            yield return (nameof(Activation), "a slope a unit is one of dense layers over rows; take Activation.PRelu(), one slope a layer");
        foreach (var objection in SequenceOptions.Objections(Normalization))
            yield return objection;
    }

    /// <summary>One readable line, such as <c>2 blocks of attention, 4 heads, width 64, Gelu, normalization Layer, residual Identity</c>.</summary>
    public override string ToString() =>
        $"{Layers} blocks of {(Causal ? "causal " : "")}attention, {Heads} heads, width {Width}"
        + (FeedForwardUnits is { } units ? $" and {units}" : "")
        + $", positions {Positions}, {Activation}, normalization {Normalization}, residual {Residual}"
        + (Input is null ? "" : $", {Input}")
        + (WeightParametrization is NoWeightParametrization ? "" : $", {WeightParametrization}")
        + (QkNormalization ? ", normalized queries and keys" : "")
        + (Dropout > 0 ? Invariant($", dropout {Dropout}") : "") + HeadText;

    internal override string? DifferenceFrom(Network previous) => previous switch
    {
        AttentionNetwork other when other.Activation != Activation => $"its Activation is {other.Activation}, not {Activation}",
        AttentionNetwork { Residual.Gate: { } gate } when Residual.Gate is { } now && gate != now => Invariant($"its gates start at {gate}, not {now}"),
        _ => null,
    };

    private protected override long LargestOfReading(int inputs, int outputs) => (long)Width * (FeedForwardUnits ?? 4 * Width) * (Input?.Length ?? inputs);

    private protected override ColumnNetwork Reading(ColumnShape column) => this with { Input = column.ToSequence(Input) };

    internal override double? LayerFactor(NetworkModule module) => null;

    internal override bool HasSteps => true;

    internal override NetworkModule CreateOfSteps(int inputs, int outputs, in Origin origin, FedLabel label) => Create(inputs, outputs, ofSteps: true, origin);

    private protected override int ReadUnits => Width;

    private protected override List<NetworkPart> Reader(int inputs, bool ofSteps, in Origin origin, FedLabel? label)
    {
        SequenceSummary summary = ofSteps ? new SequenceSummary.Every() : Causal ? new SequenceSummary.Last(Width, back: 0) : new SequenceSummary.Mean();
        var shape = Input ?? InputShape.Sequence(inputs, 1);
        var embedding = shape.IsTokens ? new TokenEmbedding(shape, Width, origin) : null;
        // What stands outside of the blocks is normalized by nothing.
        var outside = WeightParametrization.HoldsForOutput ? WeightParametrization : WeightParametrization.None;
        var door = new List<NetworkPart>();
        if (embedding is null)
            door.Add(new WeightedLayer(new("input", shape.Channels, Width, origin, new LayerRole(), outside,
                Map: new LinearMap(shape.Channels, Width, hasBias: true, ofSteps: true))) { Title = $"input ({shape.Channels}→{Width})" });
        if (Positions.CreatePart(shape, Width, origin) is { } positions)
            door.Add(positions);
        var stages = new List<SequenceStage> { new ChainStage("door", Width, door) };
        for (var block = 1; block <= Layers; block++)
            stages.Add(new AttentionStage(this, block, shape, origin));
        if (!Residual.PostNorm)
            stages.Add(new ChainStage("end", Width, [new StepNormalization("end", Normalization, Width)]));
        return [new SequenceEncoder(shape, embedding, stages, summary)];
    }
}
