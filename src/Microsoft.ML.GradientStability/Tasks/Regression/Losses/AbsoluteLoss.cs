using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>l = |e|. Written out: TorchSharp 0.102.7's l1_loss computes the squared error.</summary>
public sealed record AbsoluteLoss : RegressionLoss
{
    [JsonConstructor]
    internal AbsoluteLoss() { }

    internal override double OfGuessing => Math.Sqrt(2 / Math.PI);

    internal override Tensor Of(Tensor errors) => errors.abs();

    /// <summary>The loss's name.</summary>
    public override string ToString() => "Absolute";
}
