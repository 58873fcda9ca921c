namespace Microsoft.ML.GradientStability;

/// <summary>
/// How the fits of this process share its processor cores. The threads of a fit follow from its own size alone, or its results would hang on
/// what else runs; where not all fits find room with theirs, they take turns, a step each.
/// </summary>
internal static class Cores
{
    /// <summary>
    /// Multiply-adds that make a thread worth while: with less, threads wait for each other longer than they compute. Measured on two cores, where two
    /// threads helped from 3 × 1024 units at batch 256 on (2²⁸), and did harm at 128 units and batch 32 (2¹⁹).
    /// </summary>
    private const long WorkOfThread = 1 << 23;

    /// <summary>The same for ONNX Runtime, whose threads sleep while they wait: two scored 3 × 256 units, 128 rows at once (2²³), 1.2 times as fast.</summary>
    private const long WorkOfScoringThread = 1 << 22;

    private static readonly object Gate = new();
    private static readonly int Count = Environment.ProcessorCount;
    private static int s_wideFits;
    private static int s_free = Count;
    private static long s_nextTicket;
    private static long s_serving;

    /// <summary>The threads for a product of matrices, of those that the process may use: 1 below 2²⁴ multiply-adds.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="weights">Numbers in the matrix of weights.</param>
    public static int For(long rows, long weights) => (int)Math.Clamp(rows * weights / WorkOfThread, 1, Count);

    /// <summary>The threads that score a batch: 1 below 2²³ multiply-adds.</summary>
    /// <inheritdoc cref="For"/>
    public static int ForScoring(long rows, long weights) => (int)Math.Clamp(rows * weights / WorkOfScoringThread, 1, Count);

    /// <summary>A fit begins.</summary>
    public static void Enter(int threads)
    {
        if (threads > 1)
            Interlocked.Increment(ref s_wideFits);
    }

    /// <summary>A fit ends.</summary>
    public static void Leave(int threads)
    {
        if (threads > 1)
            Interlocked.Decrement(ref s_wideFits);
    }

    /// <summary>
    /// Waits until so many cores are free, in the order of those who ask; as long as no fit has several threads there is nothing to wait for,
    /// because the system shares cores among single threads well.
    /// </summary>
    public static Turn Take(int threads)
    {
        if (Volatile.Read(ref s_wideFits) == 0)
            return default;
        var cores = Math.Min(threads, Count);
        lock (Gate)
        {
            var ticket = s_nextTicket++;
            while (ticket != s_serving || s_free < cores)
                Monitor.Wait(Gate);
            s_serving++;
            s_free -= cores;
            Monitor.PulseAll(Gate);
        }
        return new Turn(cores);
    }

    /// <summary>Cores that are held until it is disposed of.</summary>
    public readonly ref struct Turn(int cores)
    {
        public void Dispose()
        {
            if (cores == 0)
                return;
            lock (Gate)
            {
                s_free += cores;
                Monitor.PulseAll(Gate);
            }
        }
    }
}
