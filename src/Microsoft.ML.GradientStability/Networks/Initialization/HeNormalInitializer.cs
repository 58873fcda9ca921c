using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weights normal with standard deviation gain/√fan, the gain from the activation: √2 for ReLU, √(2/(1 + a²)) for its leaky forms, 5/3 for tanh, 1
/// for sigmoid and linear layers, as in PyTorch, and 1/√E[f(z)²] over a standard normal z for all others (He et al. 2015, "Delving deep into
/// rectifiers").
/// </summary>
public sealed record HeNormalInitializer : Initializer
{
    private readonly FanMode _mode;

    [JsonConstructor]
    internal HeNormalInitializer() { }

    /// <summary>Which fan. Default <see cref="FanMode.FanIn"/>.</summary>
    public FanMode Mode { get => _mode; init => _mode = Check.Defined(value, nameof(Mode)); }

    private protected override void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin) =>
        Normal(weight, role.Gain / Math.Sqrt(Mode == FanMode.FanIn ? FanIn(weight) : FanOut(weight, role)), origin.Random);

    /// <summary>The scheme's name, and the fan where it is not the inputs.</summary>
    public override string ToString() => Mode == FanMode.FanIn ? "HeNormal" : "HeNormal, fan out";
}
