namespace Microsoft.ML.GradientStability;

/// <summary>How much a pool of rows may hold.</summary>
/// <param name="Rows">The greatest number of rows, at least 1.</param>
/// <param name="SparseBytes">What sparse rows may take together; <see langword="null"/> where rows are dense, and all take the same.</param>
internal readonly record struct PoolSize(int Rows, long? SparseBytes = null)
{
    /// <summary>As many rows as bytes, but a batch of dense ones at least.</summary>
    /// <param name="rows">All that there are.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="bytes">What they may take.</param>
    /// <param name="statistics">Of the rows.</param>
    public static PoolSize Of(long rows, int batchSize, long bytes, RowStatistics statistics)
    {
        var dense = sizeof(float) * (statistics.NumbersARow + 2);
        if (!statistics.IsSparse)
            return new((int)Math.Min(rows, Math.Max(batchSize, bytes / dense)));
        var sparse = RowPlaces.SparseRowBytes((int)(statistics.NonZeros / statistics.Count));
        return new((int)Math.Min(rows, Math.Max(batchSize, bytes / sparse)), bytes);
    }
}
