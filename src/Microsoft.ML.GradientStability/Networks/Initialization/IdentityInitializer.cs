using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// W = I where a layer keeps the width: unit i starts as input i (Le, Jaitly and Hinton 2015, "A simple way to initialize recurrent
/// networks of rectified linear units"). Layers that change the width take LeCun's normal weights, which make the units differ.
/// </summary>
public sealed record IdentityInitializer : Initializer
{
    [JsonConstructor]
    internal IdentityInitializer() { }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin)
    {
        if (weight.shape[0] == weight.shape[1])
            nn.init.eye_(weight);
        else
            Normal(weight, 1 / Math.Sqrt(FanIn(weight)), origin.Random);
    }

    /// <summary>The scheme's name.</summary>
    public override string ToString() => "Identity";
}
