using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weights normal with standard deviation gain·√(2/(fan-in + fan-out)) (Glorot and Bengio 2010, "Understanding the difficulty of
/// training deep feedforward neural networks").
/// </summary>
public sealed record XavierNormalInitializer : Initializer
{
    private readonly double _gain = 1;

    [JsonConstructor]
    internal XavierNormalInitializer() { }

    /// <summary>Factor on the weights, above 0. Default 1.</summary>
    public double Gain { get => _gain; init => _gain = Check.Positive(value, nameof(Gain)); }

    // In place of nn.init.xavier_normal_, which draws from a uniform distribution in TorchSharp 0.107.0 (Upstream/InitTests).
    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin) =>
        Normal(weight, Gain * Math.Sqrt(2.0 / (FanIn(weight) + FanOut(weight, role))), origin.Random);

    /// <summary>The scheme's name, and the gain where it is not 1.</summary>
    public override string ToString() => Gain == 1 ? "XavierNormal" : Invariant($"XavierNormal, gain {Gain}");
}
