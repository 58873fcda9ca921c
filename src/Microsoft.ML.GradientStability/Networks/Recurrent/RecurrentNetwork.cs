using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A recurrent network over sequences: layers of <see cref="Cell"/>, each from step to step over what the layer below gives, behind each
/// normalization and dropout; and an output layer over the last step. Rows of tokens are embedded first, and the last step is the last token.
/// </summary>
public sealed record RecurrentNetwork : ColumnNetwork
{
    private readonly RecurrentCell _cell = RecurrentCell.Lstm();
    private readonly Normalization _normalization = Normalization.None;
    private readonly int _hidden = 64;
    private readonly int _layers = 1;
    private readonly int _embeddingWidth = 64;
    private readonly WeightParametrization _parametrization = WeightParametrization.None;
    private readonly double _dropout;
    private readonly int? _truncateAfter;

    [JsonConstructor]
    internal RecurrentNetwork() { }

    /// <summary>
    /// How the numbers of a row are steps. Default <see langword="null"/>: by the feature column; its keys as tokens, its two dimensions as steps × features, or a number a step. Where the
    /// column has vectors of unknown size, the steps are the most that a row has; by default those of the longest training row.
    /// </summary>
    public InputShape? Input { get; init; }

    /// <summary>What a layer computes at every step. Default <see cref="RecurrentCell.Lstm"/>.</summary>
    public RecurrentCell Cell { get => _cell; init => _cell = Check.NotNull(value, nameof(Cell)); }

    /// <summary>Units of a layer and a way, in [1, 8192]. Default 64.</summary>
    public int Hidden
    {
        get => _hidden;
        init
        {
            Check.That(value is >= 1 and <= 8192, nameof(Hidden), value, "a recurrent layer has 1 to 8192 units");
            _hidden = value;
        }
    }

    /// <summary>Layers, one over the other, at least 1. Default 1.</summary>
    public int Layers { get => _layers; init => _layers = Check.AtLeast(value, 1, nameof(Layers)); }

    /// <summary>Whether half of the units of a layer run from the last step to the first (Schuster and Paliwal 1997). Default <see langword="false"/>.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>
    /// Steps that a gradient goes back at most, at least 1 (truncated back-propagation through time, Williams and Peng 1990). In training a row is run in pieces of so many steps; each
    /// goes on from the state in which the one before it ended, and no gradient passes between them. The weights move once a batch, by the pieces of all
    /// its rows. Default <see langword="null"/>: as many as a row has.
    /// </summary>
    public int? TruncateAfter { get => _truncateAfter; init => _truncateAfter = value is { } steps ? Check.AtLeast(steps, 1, nameof(TruncateAfter)) : null; }

    /// <summary>
    /// Whether every step also gets the label of the step before it, of trainers with a label for each step: in training the true one (teacher forcing, Williams and Zipser 1989), in scoring, and where
    /// held-out rows are judged, what the network itself told of that step. A class enters as one number for each class, 1 for it and 0 for others; a number standardized as the labels are; the first
    /// step, and one behind a step without a label, gets zeros. Only one way, for what a step tells must be known before the next begins. Default <see langword="false"/>.
    /// </summary>
    public bool TeacherForcing { get; init; }

    /// <summary>Numbers of the vector that stands for a token, at least 1. Default 64. Of use where rows are tokens.</summary>
    public int EmbeddingWidth { get => _embeddingWidth; init => _embeddingWidth = Check.AtLeast(value, 1, nameof(EmbeddingWidth)); }

    /// <summary>
    /// How the weights from step to step start, gate by gate. Default <see langword="null"/>: orthogonal, which keeps the length of what passes (Saxe et
    /// al. 2014), and the identity for <see cref="RecurrentCell.Relu"/>. Other weights start by the trainer's Initializer.
    /// </summary>
    public Initializer? RecurrentInitializer { get; init; }

    /// <summary>What keeps the steps of every layer in range: layer or RMS normalization, or none. Default <see cref="Normalization.None"/>.</summary>
    public Normalization Normalization { get => _normalization; init => _normalization = Check.NotNull(value, nameof(Normalization)); }

    /// <summary>
    /// What keeps the weights in range, those of the input and those from step to step, gate by gate, and those of the output layer and its head. Default <see cref="WeightParametrization.None"/>.
    /// </summary>
    public WeightParametrization WeightParametrization { get => _parametrization; init => _parametrization = Check.NotNull(value, nameof(WeightParametrization)); }

    /// <summary>The share of the units of every step set to zero at random behind each layer in a training step, in [0, 1). Default 0.</summary>
    public double Dropout { get => _dropout; init => _dropout = Check.InRange(value, 0, 1, nameof(Dropout), upperIncluded: false); }

    internal override NetworkTraits Traits => new() { HiddenUnits = [.. Enumerable.Repeat(Ways * Hidden, Layers)], Cell = Cell, TruncateAfter = TruncateAfter, Normalization = Normalization, WeightParametrization = WeightParametrization, Dropout = Dropout };

    internal override InputShape? Shape => Input;

    internal override bool TakesKeys => true;

    internal override bool TakesSequences => true;

    private int Ways => Bidirectional ? 2 : 1;

    internal override Network With(NetworkTraits traits) => this with { Cell = traits.Cell!, TruncateAfter = traits.TruncateAfter, Normalization = traits.Normalization!, Dropout = traits.Dropout!.Value };

    internal override IEnumerable<(string Option, string Reason)> Objections()
    {
        if (WeightParametrization is WeightStandardization)
            yield return (nameof(WeightParametrization),
                "standardized weights enlarge what is carried from step to step by √units every time; set WeightParametrization.WeightNormalization or SpectralNormalization");
        foreach (var objection in SequenceOptions.Objections(Normalization))
            yield return objection;
        if (TeacherForcing && Bidirectional)
            yield return (nameof(TeacherForcing), "in scoring a step waits for what is told of the one before, and units that run from the last step to the first would wait for those behind it; set Bidirectional = false, or leave it out");
    }

    /// <summary>One readable line, such as <c>2 × 64 Lstm, both ways</c>.</summary>
    public override string ToString() =>
        $"{Layers} × {Hidden} {Cell}{(Bidirectional ? ", both ways" : "")}"
        + (Input is null ? "" : Input.IsTokens ? Invariant($", {Input} by {EmbeddingWidth}") : $", {Input}")
        + (TruncateAfter is { } steps ? Invariant($", gradients truncated after {steps} steps") : "")
        + (TeacherForcing ? ", teacher forcing" : "")
        + (RecurrentInitializer is null ? "" : $", recurrent initializer {RecurrentInitializer}")
        + (Normalization is NoNormalization ? "" : $", normalization {Normalization}")
        + (WeightParametrization is NoWeightParametrization ? "" : $", {WeightParametrization}")
        + (Dropout > 0 ? Invariant($", dropout {Dropout}") : "") + HeadText;

    internal override string? DifferenceFrom(Network previous) =>
        previous is not RecurrentNetwork other ? null
        : other.Cell.Kind != Cell.Kind ? $"its Cell is {other.Cell}, not {Cell}"
        : other.TeacherForcing != TeacherForcing ? $"its TeacherForcing is {other.TeacherForcing}, not {TeacherForcing}"
        : null;

    private protected override long LargestOfReading(int inputs, int outputs) => (long)Cell.Gates.Count * Hidden * (Ways * Hidden + Hidden);

    private protected override ColumnNetwork Reading(ColumnShape column) => this with { Input = column.ToSequence(Input) };

    internal override double? LayerFactor(NetworkModule module) => null;

    internal override bool HasSteps => true;

    internal override bool FeedsLabels => TeacherForcing;

    internal override NetworkModule CreateOfSteps(int inputs, int outputs, in Origin origin, FedLabel label) =>
        Create(inputs, outputs, ofSteps: true, origin, TeacherForcing ? label : null);

    private protected override int ReadUnits => Ways * Hidden;

    private protected override List<NetworkPart> Reader(int inputs, bool ofSteps, in Origin origin, FedLabel? label)
    {
        SequenceSummary summary = ofSteps ? new SequenceSummary.Every() : new SequenceSummary.Last(Ways * Hidden, Bidirectional ? Hidden : 0);
        var shape = Input ?? InputShape.Sequence(inputs, 1);
        var embedding = shape.IsTokens ? new TokenEmbedding(shape, EmbeddingWidth, origin) : null;
        var stages = new List<RecurrentStage>();
        for (var layer = 1; layer <= Layers; layer++)
            stages.Add(new RecurrentStage(this, layer, layer > 1 ? Ways * Hidden : (embedding?.Units ?? shape.Channels) + (label?.Width ?? 0), origin));
        return [new SequenceEncoder(shape, embedding, stages, summary, label is null ? null : new LabelFeed(label, stages))];
    }
}
