using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// y = x + b(x) (He et al. 2016, "Identity mappings in deep residual networks"); y = P·x + b(x), P learned and without bias, where the
/// branch changes the width.
/// </summary>
public sealed record IdentityResidual : Residual
{
    [JsonConstructor]
    internal IdentityResidual() { }
}
