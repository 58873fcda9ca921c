namespace Microsoft.ML.GradientStability;

/// <summary>Which row of a batch is current; shared by the cursor that moves it and the getters that read there.</summary>
internal sealed class RowInBatch
{
    public int Index;
}
