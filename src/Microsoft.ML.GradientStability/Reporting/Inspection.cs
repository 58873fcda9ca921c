using System.Text;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>What a network and its data show before the first step: one batch forward and backward, and the curvature of the loss there.</summary>
[TypeFormatterSource]
public sealed record Inspection
{
    internal Inspection() { }

    /// <summary>The loss of the batch.</summary>
    public required double Loss { get; init; }

    /// <summary>The loss of a model that knows nothing but the distribution of the targets.</summary>
    public required double LossOfGuessing { get; init; }

    /// <summary>The raw gradient of every layer, from the input on.</summary>
    public required IReadOnlyList<LayerGradient> Gradients { get; init; }

    /// <summary>What every hidden layer gives for the batch, from the input on.</summary>
    public required IReadOnlyList<ActivationStatistics> Activations { get; init; }

    /// <summary>The factor a layer puts on the gradient that passes back through it; 1 is healthy.</summary>
    public required double DepthFactor { get; init; }

    /// <summary>
    /// λ, the greatest eigenvalue of the Hessian of the batch's loss, by power iteration on differences of gradients; NaN where it is not finite.
    /// </summary>
    public required double Curvature { get; init; }

    /// <summary>2/λ: above this rate plain gradient descent climbs along the steepest direction (LeCun et al. 1993). Infinite where nothing is curved.</summary>
    public double GreatestLearningRate => Curvature > 0 ? 2 / Curvature : double.PositiveInfinity;

    /// <summary>Features that are not the same in every row that was looked at, and how many there are.</summary>
    public required (int Varying, int All) Features { get; init; }

    /// <summary>What is wrong already.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>A few lines.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Invariant($"loss {Loss:G4}, guessing {LossOfGuessing:G4}; a gradient changes by {DepthFactor:F2} a layer; "))
            .Append(Invariant($"curvature {Curvature:G3}, plain gradient descent up to a rate of {GreatestLearningRate:G3}; {Features.Varying} of {Features.All} features vary"));
        foreach (var finding in Findings)
            text.AppendLine().Append(finding);
        return text.ToString();
    }
}
