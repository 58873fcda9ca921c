using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weights uniform in ±gain·√(6/(fan-in + fan-out)) (Glorot and Bengio 2010, "Understanding the difficulty of
/// training deep feedforward neural networks").
/// </summary>
public sealed record XavierUniformInitializer : Initializer
{
    private readonly double _gain = 1;

    [JsonConstructor]
    internal XavierUniformInitializer() { }

    /// <summary>Factor on the weights, above 0. Default 1.</summary>
    public double Gain { get => _gain; init => _gain = Check.Positive(value, nameof(Gain)); }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin) =>
        Uniform(weight, Gain * Math.Sqrt(2.0 / (FanIn(weight) + FanOut(weight, role))), origin.Random);

    /// <summary>The scheme's name, and the gain where it is not 1.</summary>
    public override string ToString() => Gain == 1 ? "XavierUniform" : Invariant($"XavierUniform, gain {Gain}");
}
