using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What LibTorch gives a linear layer: weights and biases uniform in ±1/√fan-in, that is, weights of variance 1/(3·fan-in),
/// a sixth of what keeps a ReLU signal in scale (He et al. 2015).
/// </summary>
public sealed record DefaultInitializer : Initializer
{
    internal DefaultInitializer() { }

    private protected override bool InitializeWeight(Tensor weight, nn.init.NonlinearityType nonlinearity) => false;

    /// <summary>The scheme's name.</summary>
    public override string ToString() => "Default";
}
