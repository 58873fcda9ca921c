using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Convolutions that start as <see cref="OrthogonalInitializer"/> at the middle of the kernel and 0 around it, so that a plain network of thousands of layers
/// passes signals and gradients on (Xiao et al. 2018, "Dynamical isometry and a mean field theory of CNNs"). Dense layers are orthogonal.
/// </summary>
public sealed record DeltaOrthogonalInitializer : Initializer
{
    private readonly double? _gain;

    [JsonConstructor]
    internal DeltaOrthogonalInitializer() { }

    /// <summary>
    /// Factor on the weights, above 0. Default <see langword="null"/>: from the activation, √2 for ReLU, 1 for tanh and for linear layers.
    /// </summary>
    public double? Gain { get => _gain; init => _gain = value is { } gain ? Check.Positive(gain, nameof(Gain)) : null; }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin)
    {
        var gain = Gain ?? role.Activation?.IsometricGain ?? 1;
        var taps = weight.zero_().view(weight.shape[0], weight.shape[1] / role.Positions, role.Positions);
        var middle = empty([taps.shape[0], taps.shape[1]], dtype: ScalarType.Float32, device: CPU);
        Isometry.Fill(middle, gain, origin);
        taps.select(2, role.Positions / 2).copy_(middle);
    }

    /// <summary>The scheme's name, and the gain where it is set.</summary>
    public override string ToString() => Gain is { } gain ? Invariant($"DeltaOrthogonal, gain {gain}") : "DeltaOrthogonal";
}
