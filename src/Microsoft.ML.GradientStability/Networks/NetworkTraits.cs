using System.Collections.Immutable;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What the kinds of networks have in common, as far as one has it: what diagnostics reason by, what remedies change, and what options are held
/// against. What is <see langword="null"/> is no option of the kind.
/// </summary>
internal sealed record NetworkTraits
{
    /// <summary>Units of each hidden layer that is normalized, from the input on: the channels of a convolution.</summary>
    public ImmutableArray<int> HiddenUnits { get; init; } = [];

    public Activation? Activation { get; init; }

    public Normalization? Normalization { get; init; }

    public bool NormalizeAfterActivation { get; init; }

    public WeightParametrization? WeightParametrization { get; init; }

    /// <summary>Whether <see cref="Residual"/> is an option.</summary>
    public bool CanSkip { get; init; }

    public Residual? Residual { get; init; }

    public RecurrentCell? Cell { get; init; }

    /// <summary>Steps that a gradient goes back at most; <see langword="null"/> for all.</summary>
    public int? TruncateAfter { get; init; }

    /// <summary>Members of an ensemble; <see langword="null"/> where the rows decide.</summary>
    public int? Ensemble { get; init; } = 1;

    public bool? Bias { get; init; }

    public double? Dropout { get; init; }

    public double? AlphaDropout { get; init; }

    /// <summary>
    /// Whether what the linear maps of hidden layers add is taken away by the normalization that follows; past a shortcut too, where it
    /// stays the same number in every row.
    /// </summary>
    public bool RemovesBias => Normalization is { RemovesBias: true } && !NormalizeAfterActivation;

    /// <summary>The share of units that a step leaves out, of whatever kind of dropout.</summary>
    public double LeftOut => Math.Max(Dropout ?? 0, AlphaDropout ?? 0);
}
