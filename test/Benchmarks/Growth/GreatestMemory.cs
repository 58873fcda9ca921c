using System.Diagnostics;

namespace Growth;

/// <summary>Looks at the memory of this process every few milliseconds.</summary>
internal sealed class GreatestMemory : IDisposable
{
    private readonly Timer _timer;
    private long _greatest;

    public GreatestMemory() => _timer = new Timer(_ => Look(), null, 0, 5);

    /// <summary>The most there was, in bytes.</summary>
    public long Stop()
    {
        _timer.Dispose();
        Look();
        return Interlocked.Read(ref _greatest);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = Process.GetCurrentProcess().WorkingSet64;
        if (now > Interlocked.Read(ref _greatest))
            Interlocked.Exchange(ref _greatest, now);
    }
}
