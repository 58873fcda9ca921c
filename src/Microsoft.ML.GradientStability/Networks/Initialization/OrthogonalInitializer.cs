using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weights with W·Wᵀ = gain²·I, or Wᵀ·W where there are more units than inputs: a random isometry, so that neither signal nor gradient
/// changes its length in a linear network of any depth (Saxe, McClelland and Ganguli 2014).
/// </summary>
public sealed record OrthogonalInitializer : Initializer
{
    private readonly double? _gain;

    [JsonConstructor]
    internal OrthogonalInitializer() { }

    /// <summary>
    /// Factor on the weights, above 0. Default <see langword="null"/>: from the activation, √2 for ReLU, 1 for tanh (1/f'(0) where f
    /// saturates; there 5/3 as in <see cref="Initializer.HeUniform"/> would make gradients grow), 1 for linear layers.
    /// </summary>
    public double? Gain { get => _gain; init => _gain = value is { } gain ? Check.Positive(gain, nameof(Gain)) : null; }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin) =>
        Isometry.Fill(weight, Gain ?? role.Activation?.IsometricGain ?? 1, origin);

    /// <summary>The scheme's name, and the gain where it is set.</summary>
    public override string ToString() => Gain is { } gain ? Invariant($"Orthogonal, gain {gain}") : "Orthogonal";
}
