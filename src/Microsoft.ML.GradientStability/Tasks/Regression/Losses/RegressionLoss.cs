using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// How much an error e of a regression counts, e in standard deviations of the training targets. One sealed record a loss; the static
/// members name them.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(SquaredLoss), "Squared")]
[JsonDerivedType(typeof(AbsoluteLoss), "Absolute")]
[JsonDerivedType(typeof(HuberLoss), "Huber")]
public abstract record RegressionLoss
{
    private protected RegressionLoss() { }

    /// <summary>e²: predicts the mean; large errors weigh most.</summary>
    public static SquaredLoss Squared { get; } = new();

    /// <summary>|e|: predicts the median; outliers weigh no more than others.</summary>
    public static AbsoluteLoss Absolute { get; } = new();

    /// <summary>Squared up to <paramref name="delta"/>, linear beyond.</summary>
    /// <param name="delta">δ, above 0, in standard deviations of the targets. Default 1.</param>
    public static HuberLoss Huber(double delta = 1) => new() { Delta = delta };

    /// <summary>E[l(z)] over a standard normal z.</summary>
    internal abstract double OfGuessing { get; }

    /// <summary>The loss of an error e, and its slope ∂l/∂e.</summary>
    internal abstract (double Loss, double Slope) At(double error);

    /// <summary>The loss of each row, from its error (rows).</summary>
    internal abstract Tensor Of(Tensor errors);
}
