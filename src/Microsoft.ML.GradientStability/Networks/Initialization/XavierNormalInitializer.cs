using static TorchSharp.torch;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weights normal with standard deviation gain·√(2/(fan-in + fan-out)) (Glorot and Bengio 2010, "Understanding the difficulty of
/// training deep feedforward neural networks").
/// </summary>
public sealed record XavierNormalInitializer : Initializer
{
    private readonly double _gain = 1;

    internal XavierNormalInitializer() { }

    /// <summary>Factor on the weights, above 0. Default 1.</summary>
    public double Gain { get => _gain; init => _gain = Check.Positive(value, nameof(Gain)); }

    private protected override bool InitializeWeight(Tensor weight, nn.init.NonlinearityType nonlinearity)
    {
        // Written out: TorchSharp 0.102.7's xavier_normal_ draws from a uniform distribution.
        nn.init.normal_(weight, mean: 0, std: Gain * Math.Sqrt(2.0 / (weight.shape[0] + weight.shape[1])));
        return true;
    }

    /// <summary>The scheme's name, and the gain where it is not 1.</summary>
    public override string ToString() => Gain == 1 ? "XavierNormal" : Invariant($"XavierNormal, gain {Gain}");
}
