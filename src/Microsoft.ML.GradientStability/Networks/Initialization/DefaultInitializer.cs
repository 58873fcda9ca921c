using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What LibTorch gives a linear layer: weights and biases uniform in ±1/√fan-in, that is, weights of variance 1/(3·fan-in),
/// a sixth of what keeps a ReLU signal in scale (He et al. 2015).
/// </summary>
public sealed record DefaultInitializer : Initializer
{
    [JsonConstructor]
    internal DefaultInitializer() { }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin) =>
        Uniform(weight, Math.Sqrt(1.0 / 3 / FanIn(weight)), origin.Random);

    private protected override void InitializeBias(Tensor bias, Tensor weight, in Origin origin) =>
        Uniform(bias, Math.Sqrt(1.0 / 3 / FanIn(weight)), origin.Random);

    /// <summary>The scheme's name.</summary>
    public override string ToString() => "Default";
}
