namespace Microsoft.ML.GradientStability;

/// <summary>A layer's place in a residual branch.</summary>
/// <param name="Branches">Branches of the network.</param>
/// <param name="Layers">Layers of this branch.</param>
/// <param name="Index">From 0, this one's.</param>
internal readonly record struct BranchPlace(int Branches, int Layers, int Index)
{
    public bool IsLast => Index == Layers - 1;
}
