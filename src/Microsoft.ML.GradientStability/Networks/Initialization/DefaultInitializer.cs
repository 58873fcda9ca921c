using System.Text.Json.Serialization;
using TorchSharp.Modules;
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

    /// <summary>Leaves the layer as LibTorch made it.</summary>
    internal override void Initialize(Linear linear, in LayerRole role) { }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role) { }

    /// <summary>The scheme's name.</summary>
    public override string ToString() => "Default";
}
