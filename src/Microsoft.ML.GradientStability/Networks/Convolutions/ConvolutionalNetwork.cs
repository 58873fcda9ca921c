using System.Collections.Immutable;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A convolutional network over images or signals: a stem, stages of layers at half the resolution each, and an output layer over the mean of
/// every channel. With φ normalization and activation, a layer is φ(conv(x)); with <see cref="Residual"/> blocks of <see cref="Residual.BranchLayers"/> layers
/// stand under a shortcut as in <see cref="FeedForwardNetwork"/>: the residual networks of He et al. (2015, "Deep residual learning", and 2016,
/// "Identity mappings"), of basic blocks with two layers a branch and of <see cref="Bottleneck"/> blocks. Where a stage begins, the shortcut is a convolution of 1 position.
/// </summary>
public sealed record ConvolutionalNetwork : ColumnNetwork
{
    private readonly ImmutableArray<int> _channels = [16, 32];
    private readonly Activation _activation = Activation.Relu;
    private readonly Normalization _normalization = Normalization.Batch;
    private readonly WeightParametrization _parametrization = WeightParametrization.None;
    private readonly int _layers = 2;
    private readonly int _kernel = 3;
    private readonly double _dropout;

    [JsonConstructor]
    internal ConvolutionalNetwork() { }

    /// <summary>How the numbers of a row are an image or a signal. Default <see langword="null"/>: by the dimensions of the feature column, or one channel of samples.</summary>
    public InputShape? Input { get; init; }

    /// <summary>Channels of each stage, from the input on. Each in [1, 8192]; default 16, 32.</summary>
    public ImmutableArray<int> Channels
    {
        get => _channels;
        init
        {
            Check.That(!value.IsDefaultOrEmpty, nameof(Channels), "empty", "a network needs at least one stage, such as Network.Convolutional(16, 32)");
            for (var i = 0; i < value.Length; i++)
                Check.That(value[i] is >= 1 and <= 8192, nameof(Channels), value[i], $"stage {i + 1} must have 1 to 8192 channels");
            _channels = value;
        }
    }

    /// <summary>Layers of a stage, at least 1. Default 2. The residual networks of 20 and 56 layers of He et al. have three stages of 6 and of 18.</summary>
    public int Layers { get => _layers; init => _layers = Check.AtLeast(value, 1, nameof(Layers)); }

    /// <summary>Positions that a layer looks at in each direction, odd, in [1, 31]. Default 3.</summary>
    public int Kernel
    {
        get => _kernel;
        init
        {
            Check.That(value is >= 1 and <= 31 && value % 2 == 1, nameof(Kernel), value, "a kernel has an odd number of positions, 31 at most");
            _kernel = value;
        }
    }

    /// <summary>
    /// Whether the stem is that for large images: a kernel of 7 at every other position, then the greatest of every three at every other. Default
    /// <see langword="false"/>: a kernel of <see cref="Kernel"/> at every position.
    /// </summary>
    public bool LargeImages { get; init; }

    /// <summary>
    /// Whether blocks are bottlenecks, a convolution of 1 position to a quarter of the channels, one of <see cref="Kernel"/>, and one of 1 position back; with
    /// <see cref="Residual"/> alone, and three layers a block. Default <see langword="false"/>.
    /// </summary>
    public bool Bottleneck { get; init; }

    /// <summary>
    /// Whether every layer behind the stem is two, a convolution of each channel by itself and one of 1 position over all (Howard et al. 2017). Default <see langword="false"/>.
    /// </summary>
    public bool Depthwise { get; init; }

    /// <summary>The nonlinearity of the hidden layers. Default <see cref="Activation.Relu"/>.</summary>
    public Activation Activation { get => _activation; init => _activation = Check.NotNull(value, nameof(Activation)); }

    /// <summary>
    /// What keeps the signal of the hidden layers in range. Default <see cref="Normalization.Batch"/>: a channel over the rows and positions. Layer and RMS normalization
    /// go over the channels and positions of a row, group normalization over those of some channels, instance normalization over those of one.
    /// </summary>
    public Normalization Normalization { get => _normalization; init => _normalization = Check.NotNull(value, nameof(Normalization)); }

    /// <summary>What keeps the weights in range. Default <see cref="WeightParametrization.None"/>.</summary>
    public WeightParametrization WeightParametrization { get => _parametrization; init => _parametrization = Check.NotNull(value, nameof(WeightParametrization)); }

    /// <summary>The shortcuts around the layers behind the stem. Default <see langword="null"/>: none, a plain network.</summary>
    public Residual? Residual { get; init; }

    /// <summary>Whether hidden layers add a learned number to every channel. Default <see langword="null"/>: where batch normalization does not take it away again.</summary>
    public bool? Bias { get; init; }

    /// <summary>The share of the numbers behind every hidden layer set to zero at random in a training step, in [0, 1). Default 0.</summary>
    public double Dropout { get => _dropout; init => _dropout = Check.InRange(value, 0, 1, nameof(Dropout), upperIncluded: false); }

    internal override NetworkTraits Traits => new()
    {
        HiddenUnits = [Channels[0], .. Channels.SelectMany(channels => Enumerable.Repeat(channels, Layers))],
        Activation = Activation, Normalization = Normalization, WeightParametrization = WeightParametrization, CanSkip = true, Residual = Residual, Bias = Bias, Dropout = Dropout,
    };

    internal override InputShape? Shape => Input;

    /// <inheritdoc />
    public bool Equals(ConvolutionalNetwork? other) => base.Equals(other) && _channels.AsSpan().SequenceEqual(other._channels.AsSpan()) && Choices().Equals(other.Choices());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), _channels.Length, _channels[0], Choices());

    /// <summary>One readable line, such as <c>convolutions 16-32-64, 6 a stage, Relu, normalization Batch</c>.</summary>
    public override string ToString() =>
        $"{(Depthwise ? "depthwise " : "")}convolutions {string.Join('-', Channels)}, {Layers} a stage, {Activation}, normalization {Normalization}"
        + (Input is null ? "" : $", {Input}")
        + (Kernel == 3 ? "" : Invariant($", kernel {Kernel}"))
        + (LargeImages ? ", stem for large images" : "")
        + (WeightParametrization is NoWeightParametrization ? "" : $", {WeightParametrization}")
        + (Residual is null ? "" : $", residual {Residual}{(Bottleneck ? ", bottlenecks" : "")}")
        + (Bias is { } bias ? bias ? ", with bias" : ", no bias" : "")
        + (Dropout > 0 ? Invariant($", dropout {Dropout}") : "") + HeadText;

    internal override Network With(NetworkTraits traits) => this with
    {
        Activation = traits.Activation!, Normalization = traits.Normalization!, Residual = traits.Residual, Dropout = traits.Dropout!.Value,
    };

    internal override IEnumerable<(string Option, string Reason)> Objections()
    {
        if (Bottleneck && Residual is null)
            yield return (nameof(Bottleneck), "a bottleneck is a residual block, and there is no shortcut; set Residual.Identity");
        if (Bottleneck && Channels.Any(channels => channels < 4))
            yield return (nameof(Bottleneck), "it takes a quarter of the channels of a stage, which must then have 4 or more");
        if (Activation is PReluActivation { PerUnit: true })
            yield return (nameof(Activation), "a slope a unit is one of dense layers; take Activation.PRelu(), one slope a layer");
    }

    internal override string? DifferenceFrom(Network previous) => previous switch
    {
        ConvolutionalNetwork other when other.Activation != Activation => $"its Activation is {other.Activation}, not {Activation}",
        ConvolutionalNetwork { Residual.Gate: { } gate } when Residual?.Gate is { } now && gate != now => Invariant($"its gates start at {gate}, not {now}"),
        _ => null,
    };

    private protected override long LargestOfReading(int inputs, int outputs)
    {
        var greatest = Channels.Max();
        return (long)greatest * greatest * Kernel * Kernel * Math.Max(1, (Input?.Positions ?? inputs) >> (2 * (Channels.Length - 1)));
    }

    private protected override ColumnNetwork Reading(ColumnShape column) => this with { Input = column.ToImage(Input) };

    private protected override int ReadUnits => Channels[^1];

    private protected override List<NetworkPart> Reader(int inputs, bool ofSteps, in Origin origin, FedLabel? label)
    {
        var shape = Input ?? InputShape.Signal(1, inputs);
        return [new Reshape(shape, channelsLast: false), .. new ConvolutionPlan(this, shape, origin).Parts(outputs: null)];
    }

    private protected override List<NetworkPart> ReaderWithOutput(int inputs, int outputs, bool ofSteps, in Origin origin, FedLabel? label)
    {
        var shape = Input ?? InputShape.Signal(1, inputs);
        return [new Reshape(shape, channelsLast: false), .. new ConvolutionPlan(this, shape, origin).Parts(outputs)];
    }

    private (InputShape?, int, int, bool, bool, bool, (Activation, Normalization, WeightParametrization, Residual?, bool?, double)) Choices() =>
        (Input, Layers, Kernel, LargeImages, Bottleneck, Depthwise, (Activation, Normalization, WeightParametrization, Residual, Bias, Dropout));
}
