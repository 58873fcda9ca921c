using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Fixup (Zhang, Dauphin and Ma 2019, "Residual learning without normalization"): the last layer of every residual branch and the
/// output layer start at 0, the other layers of L branches of m ≥ 2 layers at He's normal weights times L^(−1/(2m − 2)), the layers
/// outside of branches at He's. Every branch then changes the output by at most 1/L of a step, whatever the depth.
/// </summary>
/// <remarks>
/// The learned multiplier of a branch that the paper adds is <see cref="Residual.Gated"/> with a gate of 1; its biases are those that
/// the layers have.
/// </remarks>
public sealed record FixupInitializer : Initializer
{
    [JsonConstructor]
    internal FixupInitializer() { }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin)
    {
        if (role.IsOutput || role.Branch is { IsLast: true })
        {
            nn.init.zeros_(weight);
            return;
        }
        var scale = role.Branch is { } place ? Math.Pow(place.Branches, -1.0 / (2 * place.Layers - 2)) : 1;
        Normal(weight, scale * role.Gain / Math.Sqrt(FanIn(weight)), origin.Random);
    }

    /// <summary>The scheme's name.</summary>
    public override string ToString() => "Fixup";
}
