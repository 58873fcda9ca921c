namespace Microsoft.ML.GradientStability;

/// <summary>
/// Shares the parts of a work among threads: the caller's, which never waits for one that did not begin, and those of the pool that come while there is
/// something left. None of them spins for work. One piece of work at a time; nothing is allocated for it.
/// </summary>
internal abstract class Crew : IThreadPoolWorkItem
{
    /// <summary>Beyond all numbers of parts: nothing is to be taken.</summary>
    private const int Closed = int.MaxValue / 2;

    private int _next = Closed;
    private int _parts;
    private int _done;

    /// <summary>One part, from 0; at the same time as others.</summary>
    protected abstract void Work(int part);

    /// <summary>All parts, by up to so many threads.</summary>
    protected void Share(int parts, int threads)
    {
        (_parts, _done) = (parts, 0);
        Volatile.Write(ref _next, 0);
        for (var helper = 1; helper < Math.Min(threads, parts); helper++)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        Take();
        var wait = new SpinWait();
        while (Volatile.Read(ref _done) < parts)
            wait.SpinOnce(sleep1Threshold: -1);
        // A helper that comes now finds it closed until the next work is laid out.
        Volatile.Write(ref _next, Closed);
    }

    void IThreadPoolWorkItem.Execute() => Take();

    private void Take()
    {
        for (int part; (part = Interlocked.Increment(ref _next) - 1) < _parts;)
        {
            Work(part);
            Interlocked.Increment(ref _done);
        }
    }
}
