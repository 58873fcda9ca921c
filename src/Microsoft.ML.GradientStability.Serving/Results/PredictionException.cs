namespace Microsoft.ML.GradientStability.Serving;

/// <summary>The model itself failed on a row, as by a number outside of a table that the graph looks up; rows of other callers are not touched.</summary>
public sealed class PredictionException : Exception
{
    internal PredictionException(int row, Exception inner) : base($"The model fails on row {row}: {inner.Message.TrimEnd('.')}.", inner) => Row = row;

    /// <summary>Within the buffer that it came with, from 0.</summary>
    public int Row { get; }
}
