using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// y = x + g·b(x), g one learned number a block, from 0 (Bachlechner et al. 2020, "ReZero is all you need"; De and Smith 2020, SkipInit).
/// At the start every gradient reaches the first layer with factor 1, whatever the depth.
/// </summary>
public sealed record GatedResidual : Residual
{
    private readonly double _initialGate;

    [JsonConstructor]
    internal GatedResidual() { }

    /// <summary>g to begin with, any finite number. Default 0.</summary>
    public double InitialGate { get => _initialGate; init => _initialGate = Check.Number(value, nameof(InitialGate)); }

    internal override double? Gate => InitialGate;
}
