using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weights uniform in ±gain·√(3/fan-in), gain √2 for ReLU, 5/3 for tanh, 1 for sigmoid and linear layers
/// (He et al. 2015, "Delving deep into rectifiers"; PyTorch's calculate_gain).
/// </summary>
public sealed record HeUniformInitializer : Initializer
{
    internal HeUniformInitializer() { }

    private protected override bool InitializeWeight(Tensor weight, nn.init.NonlinearityType nonlinearity)
    {
        nn.init.kaiming_uniform_(weight, a: 0, nn.init.FanInOut.FanIn, nonlinearity);
        return true;
    }

    /// <summary>The scheme's name.</summary>
    public override string ToString() => "HeUniform";
}
