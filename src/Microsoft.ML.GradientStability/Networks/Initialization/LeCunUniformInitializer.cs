using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weights uniform in ±√(3/fan-in), whatever the activation (LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp").
/// </summary>
public sealed record LeCunUniformInitializer : Initializer
{
    [JsonConstructor]
    internal LeCunUniformInitializer() { }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin) =>
        Uniform(weight, 1 / Math.Sqrt(FanIn(weight)), origin.Random);

    /// <summary>The scheme's name.</summary>
    public override string ToString() => "LeCunUniform";
}
