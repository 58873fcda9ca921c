namespace Microsoft.ML.GradientStability;

/// <summary>What an initializer knows of the place of a linear map in its network.</summary>
/// <param name="Activation">The function whose effect on the scale the weights make up for; <see langword="null"/> for none.</param>
/// <param name="Branch">Its place in a residual branch; <see langword="null"/> outside of any.</param>
/// <param name="IsOutput">Whether it is the last one of the network.</param>
/// <param name="Positions">Positions that a unit reads an input at, 1 but for convolutions.</param>
internal readonly record struct LayerRole(Activation? Activation = null, BranchPlace? Branch = null, bool IsOutput = false, int Positions = 1)
{
    /// <summary>What the weights make up for, 1 for a layer that is linear throughout.</summary>
    public double Gain => Activation?.Gain ?? 1;
}
