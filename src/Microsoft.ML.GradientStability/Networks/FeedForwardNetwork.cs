using System.Collections.Immutable;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A feed-forward network of L hidden layers over rows x₀ (batch × features). With n normalization, f activation, d dropout:
/// <code>
/// plain      x_l = d(f(n(x_{l-1}·W_lᵀ + b_l)))                        output  x_L·Wᵀ + b
/// residual   x₁ = x₀·W₁ᵀ + b₁
///            x_l = s(x_{l-1}) + d(f(n(x_{l-1}))·W_lᵀ + b_l), l ≥ 2    output  f(n(x_L))·Wᵀ + b
/// </code>
/// The residual form is the full pre-activation of He et al. 2016 ("Identity mappings in deep residual networks"): nothing stands on
/// the shortcut s, which is the identity where the widths agree and a learned projection without bias where they do not.
/// </summary>
public sealed record FeedForwardNetwork : Network
{
    private readonly ImmutableArray<int> _hiddenUnits = [256, 256];
    private readonly Activation _activation = Activation.Relu;
    private readonly Normalization _normalization = Normalization.Layer;
    private readonly double _dropout;

    internal FeedForwardNetwork() { }

    /// <summary>Units of each hidden layer, from the input on. Each in [1, 65536]; default 256, 256.</summary>
    public ImmutableArray<int> HiddenUnits
    {
        get => _hiddenUnits;
        init
        {
            Check.That(!value.IsDefaultOrEmpty, nameof(HiddenUnits), "empty", "a network needs at least one hidden layer, such as Network.FeedForward(256, 256)");
            for (var i = 0; i < value.Length; i++)
                Check.That(value[i] is >= 1 and <= 65536, nameof(HiddenUnits), value[i], $"hidden layer {i + 1} must have 1 to 65536 units");
            _hiddenUnits = value;
        }
    }

    /// <summary>The nonlinearity of the hidden layers. Default <see cref="Activation.Relu"/>.</summary>
    public Activation Activation { get => _activation; init => _activation = Check.NotNull(value, nameof(Activation)); }

    /// <summary>What keeps the pre-activations in range. Default <see cref="Normalization.Layer"/>.</summary>
    public Normalization Normalization { get => _normalization; init => _normalization = Check.NotNull(value, nameof(Normalization)); }

    /// <summary>Whether each hidden layer but the first adds to its input instead of replacing it. Default <see langword="false"/>.</summary>
    public bool Residual { get; init; }

    /// <summary>The share of hidden units set to zero at random in a training step, in [0, 1). Default 0.</summary>
    public double Dropout { get => _dropout; init => _dropout = Check.InRange(value, 0, 1, nameof(Dropout), upperIncluded: false); }

    /// <inheritdoc />
    public bool Equals(FeedForwardNetwork? other) => other is not null
        && _hiddenUnits.AsSpan().SequenceEqual(other._hiddenUnits.AsSpan())
        && (Activation, Normalization, Residual, Dropout) == (other.Activation, other.Normalization, other.Residual, other.Dropout);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_hiddenUnits.Length, _hiddenUnits[0], Activation, Normalization, Residual, Dropout);

    /// <summary>One readable line, such as <c>30 × 64 Relu, normalization Layer, residual</c>.</summary>
    public override string ToString() =>
        Invariant($"{Widths()} {Activation}, normalization {Normalization}{(Residual ? ", residual" : "")}")
        + (Dropout > 0 ? Invariant($", dropout {Dropout}") : "");

    internal override NetworkModule CreateModule(int inputs, int outputs, Initializer initializer) =>
        new(Layers(HiddenUnits, "hidden", inputs, "output", outputs, initializer));

    internal override NetworkModule CreateAutoencoder(int inputs, int embedding, Initializer initializer)
    {
        var encoder = Layers(HiddenUnits, "hidden", inputs, "embedding", embedding, initializer);
        var decoder = Layers(HiddenUnits.Reverse(), "decoder", embedding, "output", inputs, initializer);
        return new NetworkModule([.. encoder, .. decoder]);
    }

    private List<DenseLayer> Layers(IEnumerable<int> hidden, string name, int inputs, string last, int outputs, Initializer initializer)
    {
        var layers = new List<DenseLayer>();
        var width = inputs;
        foreach (var units in hidden)
        {
            var title = $"{name}{layers.Count + 1}";
            layers.Add(!Residual
                    ? new DenseLayer(title, width, units, initializer, Activation, after: new Nonlinearity(this, units), dropout: Dropout)
                : layers.Count == 0
                    ? new DenseLayer(title, width, units, initializer)
                    : new DenseLayer(title, width, units, initializer, Activation, before: new Nonlinearity(this, width), dropout: Dropout, shortcut: true));
            width = units;
        }
        layers.Add(new DenseLayer(last, width, outputs, initializer, before: Residual ? new Nonlinearity(this, width) : null));
        return layers;
    }

    private string Widths() => HiddenUnits.Length > 1 && HiddenUnits.All(u => u == HiddenUnits[0])
        ? $"{HiddenUnits.Length} × {HiddenUnits[0]}"
        : string.Join('-', HiddenUnits);
}
