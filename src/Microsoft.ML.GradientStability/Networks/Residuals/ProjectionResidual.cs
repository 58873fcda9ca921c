using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// y = P·x + b(x), P learned and without bias in every block (He et al. 2015, option C). P starts as the identity where the branch keeps
/// the width, and by the initializer where it does not.
/// </summary>
public sealed record ProjectionResidual : Residual
{
    [JsonConstructor]
    internal ProjectionResidual() { }

    internal override bool Projects => true;
}
