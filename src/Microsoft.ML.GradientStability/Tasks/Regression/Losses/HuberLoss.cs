using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>l = e²/2 where |e| ≤ δ, δ·(|e| − δ/2) beyond (Huber 1964).</summary>
public sealed record HuberLoss : RegressionLoss
{
    private readonly double _delta = 1;

    [JsonConstructor]
    internal HuberLoss() { }

    /// <summary>δ, above 0, in standard deviations of the targets. Default 1.</summary>
    public double Delta { get => _delta; init => _delta = Check.Positive(value, nameof(Delta)); }

    internal override double OfGuessing =>
        Gaussian.Mean(z => Math.Abs(z) <= Delta ? z * z / 2 : Delta * (Math.Abs(z) - Delta / 2));

    internal override (double Loss, double Slope) At(double error) =>
        Math.Abs(error) > Delta ? (Delta * (Math.Abs(error) - Delta / 2), Math.CopySign(Delta, error)) : (error * error / 2, error);

    internal override Tensor Of(Tensor errors) => nn.functional.huber_loss(errors, zeros_like(errors), Delta, nn.Reduction.None);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"Huber({Delta})");
}
