using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>l = |e|.</summary>
public sealed record AbsoluteLoss : RegressionLoss
{
    [JsonConstructor]
    internal AbsoluteLoss() { }

    internal override double OfGuessing => Math.Sqrt(2 / Math.PI);

    internal override (double Loss, double Slope) At(double error) => (Math.Abs(error), error == 0 || double.IsNaN(error) ? error : Math.Sign(error));

    internal override Tensor Of(Tensor errors) => errors.abs();

    /// <summary>The loss's name.</summary>
    public override string ToString() => "Absolute";
}
