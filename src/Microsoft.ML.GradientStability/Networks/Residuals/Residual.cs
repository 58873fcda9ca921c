using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A shortcut around every branch of hidden layers, so that a gradient reaches the first layers past all factors that would build up
/// with depth: y = s(x) + g·b(x), s the shortcut, b the branch, g a gate. One sealed record a form; the static members name them.
/// Where each part stands is told at <see cref="FeedForwardNetwork"/>.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(IdentityResidual), "Identity")]
[JsonDerivedType(typeof(ProjectionResidual), "Projection")]
[JsonDerivedType(typeof(GatedResidual), "Gated")]
public abstract record Residual
{
    private readonly int _branchLayers = 1;
    private readonly double _stochasticDepth;

    private protected Residual() { }

    /// <summary>The shortcut is the identity; a learned map where a branch changes the width.</summary>
    public static IdentityResidual Identity { get; } = new();

    /// <summary>The shortcut is a learned map that starts as the identity.</summary>
    public static ProjectionResidual Projection { get; } = new();

    /// <summary>The shortcut is the identity, and a learned number gates the branch (ReZero).</summary>
    /// <param name="initialGate">g to begin with. Default 0: the network starts as if it had no branches.</param>
    public static GatedResidual Gated(double initialGate = 0) => new() { InitialGate = initialGate };

    /// <summary>
    /// Layers a branch, at least 1. Default 1; He et al. 2016 take 2. The last branch is shorter where the number of hidden layers
    /// after the first is no multiple.
    /// </summary>
    public int BranchLayers { get => _branchLayers; init => _branchLayers = Check.AtLeast(value, 1, nameof(BranchLayers)); }

    /// <summary>
    /// The share of rows for which the last branch is left out in a training step, in [0, 1); earlier ones proportionally less, branch l of
    /// L by l/L of it. Where a branch is kept it counts 1/(1 − share), so that scoring needs no change. Default 0 (Huang et al. 2016,
    /// "Deep networks with stochastic depth", who end at 0.5).
    /// </summary>
    public double StochasticDepth
    {
        get => _stochasticDepth;
        init => _stochasticDepth = Check.InRange(value, 0, 1, nameof(StochasticDepth), upperIncluded: false);
    }

    /// <summary>
    /// Whether normalization and activation stand after the sum, on the way of the gradient, as in the first residual networks (He et al.
    /// 2015) and transformers (Vaswani et al. 2017), instead of at the head of the branch. Default <see langword="false"/>: pre-norm,
    /// which needs no warm-up (Xiong et al. 2020).
    /// </summary>
    public bool PostNorm { get; init; }

    /// <summary>Whether the shortcut is a learned map even where the widths agree.</summary>
    internal virtual bool Projects => false;

    /// <summary>What the gate starts at; <see langword="null"/> for none.</summary>
    internal virtual double? Gate => null;

    /// <summary>The form, and what differs from its defaults.</summary>
    public sealed override string ToString()
    {
        var text = GetType().Name.Replace(nameof(Residual), "");
        if (Gate is { } gate)
            text += Invariant($"({gate})");
        if (BranchLayers > 1)
            text += Invariant($", {BranchLayers} layers a branch");
        if (StochasticDepth > 0)
            text += Invariant($", stochastic depth {StochasticDepth}");
        return PostNorm ? text + ", post-norm" : text;
    }
}
