namespace Microsoft.ML.GradientStability;

/// <summary>Deals rows out in batches, epoch after epoch.</summary>
internal abstract class BatchSource : IDisposable
{
    /// <summary>Rows an epoch.</summary>
    public abstract long Rows { get; }

    /// <summary>Batches an epoch.</summary>
    public abstract long Batches { get; }

    /// <summary>Whether held-out rows cannot be of the distribution of the training rows, so that nothing they show is the network's.</summary>
    public bool IsForeign { get; set; }

    /// <summary>Starts an epoch, in an order that <paramref name="shuffle"/> alone decides and that it is left to, or, without <paramref name="shuffle"/>, in that of the data.</summary>
    public abstract void Begin(Random? shuffle);

    /// <summary>The next batch of the epoch; <see langword="false"/> at its end.</summary>
    public abstract bool Next(out Batch batch);

    /// <summary>The rows of the latest batches, by their number from 0 in the data; empty where that is not known.</summary>
    /// <param name="batches">How many batches.</param>
    public virtual IReadOnlyList<long> LastRows(int batches) => [];

    public abstract void Dispose();

    /// <summary>
    /// Batches of an epoch. The last may be smaller; a single row left over joins the batch before, because batch normalization
    /// needs two.
    /// </summary>
    protected static long BatchesOf(long rows, int batchSize) => batchSize == 1 ? rows : Math.Max(1, (rows - 1 + batchSize - 1) / batchSize);
}
