using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weights normal with standard deviation 1/√fan-in, whatever the activation (LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp").
/// </summary>
public sealed record LeCunNormalInitializer : Initializer
{
    [JsonConstructor]
    internal LeCunNormalInitializer() { }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin) =>
        Normal(weight, 1 / Math.Sqrt(FanIn(weight)), origin.Random);

    /// <summary>The scheme's name.</summary>
    public override string ToString() => "LeCunNormal";
}
