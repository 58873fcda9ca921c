using System.Diagnostics;

namespace Streaming;

/// <summary>
/// Looks at this process, and at the thread that made the watch, every few milliseconds: the greatest working set and managed heap,
/// and how long the thread stood still, waiting for others.
/// </summary>
internal sealed class Watch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    private readonly Thread _watched = Thread.CurrentThread;
    private readonly Thread _watching;
    private readonly long _heapBefore;
    private long _waited;
    private volatile bool _ended;

    public Watch()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        (WorkingSetBefore, _heapBefore) = (Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false));
        _watching = new Thread(Run) { IsBackground = true };
        _watching.Start();
    }

    public long WorkingSetBefore { get; }

    public long GreatestWorkingSet { get; private set; }

    public long GreatestHeapGrowth { get; private set; }

    /// <summary>Of the watched thread, so far.</summary>
    public TimeSpan Waited => new(Interlocked.Read(ref _waited));

    public void Dispose()
    {
        _ended = true;
        _watching.Join();
    }

    private void Run()
    {
        var last = Stopwatch.GetTimestamp();
        for (var look = 0; !_ended; look++)
        {
            Thread.Sleep(Interval);
            var now = Stopwatch.GetTimestamp();
            if (_watched.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin))
                Interlocked.Add(ref _waited, Stopwatch.GetElapsedTime(last, now).Ticks);
            last = now;
            if (look % 8 != 0)
                continue;
            GreatestWorkingSet = Math.Max(GreatestWorkingSet, Environment.WorkingSet);
            GreatestHeapGrowth = Math.Max(GreatestHeapGrowth, GC.GetTotalMemory(forceFullCollection: false) - _heapBefore);
        }
    }
}
