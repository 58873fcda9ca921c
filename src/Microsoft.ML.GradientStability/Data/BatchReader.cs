using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Reads epochs ahead on a thread of its own: batches travel in a fixed set of buffers, from the reader to the trainer and back.
/// </summary>
internal sealed class BatchReader : IDisposable
{
    /// <summary>How often a wait for rows looks for a cancellation, in milliseconds.</summary>
    private const int Patience = 20;

    private readonly BlockingCollection<CachedRows> _filled = [];
    private readonly BlockingCollection<CachedRows> _empty = [];
    private readonly BlockingCollection<Random?> _epochs = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private readonly Cancellation _cancellation;
    private readonly long _batches;
    private long _left;

    public BatchReader(RowPool pool, long rows, long batches, int batchSize, int ahead, Cancellation cancellation)
    {
        (_batches, _cancellation) = (batches, cancellation);
        for (var i = 0; i < Math.Min(ahead, batches); i++)
            _empty.Add(CachedRows.Of(pool.Columns, weighted: true));
        _reading = Task.Factory.StartNew(() => Read(pool, rows, batchSize), TaskCreationOptions.LongRunning);
    }

    /// <summary>Whether all batches of the epoch were taken.</summary>
    public bool AtEnd => _left == 0;

    /// <summary>Starts an epoch, <see cref="AtEnd"/> of the one before.</summary>
    /// <param name="random">Draws the rows; none for the order of the data.</param>
    public void Begin(Random? random)
    {
        _left = _batches;
        _epochs.Add(random);
    }

    /// <summary>The next batch; <see langword="null"/> at the end. What went wrong while reading is thrown here.</summary>
    /// <exception cref="OperationCanceledException">The fit was cancelled while rows were waited for.</exception>
    public CachedRows? Take()
    {
        if (AtEnd)
            return null;
        _left--;
        CachedRows? rows;
        while (!_filled.TryTake(out rows, Patience) && !_filled.IsCompleted)
            _cancellation.ThrowIfCancelled();
        if (rows is not null)
            return rows;
        ((IAsyncResult)_reading).AsyncWaitHandle.WaitOne();
        ExceptionDispatchInfo.Throw(_reading.Exception!.InnerException!);
        return null;
    }

    /// <summary>Gives a batch's buffers back.</summary>
    public void Return(CachedRows rows) => _empty.Add(rows);

    public void Dispose()
    {
        _stop.Cancel();
        ((IAsyncResult)_reading).AsyncWaitHandle.WaitOne();
        _filled.Dispose();
        _empty.Dispose();
        _epochs.Dispose();
        _stop.Dispose();
    }

    private void Read(RowPool pool, long rows, int batchSize)
    {
        try
        {
            using (pool)
            {
                foreach (var random in _epochs.GetConsumingEnumerable(_stop.Token))
                    ReadEpoch(pool, random, rows, batchSize);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody waits for the rest.
        }
        finally
        {
            _filled.CompleteAdding();
        }
    }

    private void ReadEpoch(RowPool pool, Random? random, long rows, int batchSize)
    {
        pool.Begin(random);
        var left = rows;
        for (var batch = 1L; batch <= _batches; batch++)
        {
            var size = (int)(batch == _batches ? left : batchSize);
            var buffers = _empty.Take(_stop.Token);
            buffers.Clear();
            for (var row = 0; row < size; row++)
            {
                if (!pool.Take(buffers, _stop.Token))
                    throw Changed(pool, rows, $"{rows - left + row}");
            }
            left -= size;
            _filled.Add(buffers, _stop.Token);
        }
        // The epoch is whole; the next would not be.
        if (!pool.IsEmpty)
            throw Changed(pool, rows, "more");
    }

    private static InvalidOperationException Changed(RowPool pool, long rows, string now) => new(
        $"{pool.Columns.Where}The data had {rows}{(pool.Columns.Where == "" ? " training" : "")} rows when it was first read and has {now} now. It must not change while a network trains on it.");
}
