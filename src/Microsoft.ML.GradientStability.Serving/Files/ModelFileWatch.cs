namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Looks at a path now and then, and asks for a reload when another file stands there. Looking works where notifications do not: on network drives, for
/// links whose target moves, and for a folder that is swapped as a whole. A file is taken when two looks agree, so one that is being written is left alone.
/// </summary>
internal sealed class ModelFileWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    public ModelFileWatch(string path, TimeSpan interval, FileStamp first, Action reload) => _watching = Watch(path, interval, first, reload);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task Watch(string path, TimeSpan interval, FileStamp? taken, Action reload)
    {
        using var timer = new PeriodicTimer(interval);
        var last = taken;
        while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
        {
            var now = FileStamp.Of(path);
            // A path that is empty for a moment is between two files.
            if (now is not null && now == last && now != taken)
            {
                taken = now;
                reload();
            }
            last = now;
        }
    }
}
