using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>l = e².</summary>
public sealed record SquaredLoss : RegressionLoss
{
    [JsonConstructor]
    internal SquaredLoss() { }

    internal override double OfGuessing => 1;

    internal override (double Loss, double Slope) At(double error) => (error * error, 2 * error);

    internal override Tensor Of(Tensor errors) => errors.square();

    /// <summary>The loss's name.</summary>
    public override string ToString() => "Squared";
}
