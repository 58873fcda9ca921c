using System.Diagnostics;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>Rows of one buffer that go into the same run.</summary>
internal readonly record struct Part(RowBuffer Rows, int First, int Count);

/// <summary>
/// Where rows wait for a free device, in the order in which they came. A run takes all that wait, up to <paramref name="maxBatch"/> rows, or its share of them
/// where other runs are idle; while there are fewer callers than the run before had, it waits for more, and at most <paramref name="maxDelay"/> since the
/// first of them came.
/// </summary>
internal sealed class RowQueue(int maxBatch, TimeSpan maxDelay, int limit, ServingMetrics metrics)
{
    /// <summary>Rows that one run takes, though others are idle: of fewer each costs more.</summary>
    private const int MinShare = 16;

    private readonly object _gate = new();
    private RowBuffer? _first, _last;
    private int _callers, _rows, _expected, _idle;
    private bool _isClosed;

    public int Limit => limit;

    /// <summary>False where the rows would make the queue too long; rows that alone are more than the limit are taken while no others wait.</summary>
    public bool TryAdd(RowBuffer rows)
    {
        lock (_gate)
        {
            if (_rows > 0 && (long)_rows + rows.Count > limit)
                return false;
            rows.QueuedAt = Stopwatch.GetTimestamp();
            (rows.Previous, rows.Next) = (_last, null);
            if (_last is null)
                _first = rows;
            else
                _last.Next = rows;
            _last = rows;
            Count(1, rows.Count);
            // One run begins to gather with the first caller; it is woken again only when it has all that it waits for.
            if (_callers == 1)
                Monitor.Pulse(_gate);
            else if (HasEnough)
                Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Takes the rows that still wait out of the queue, and says how many they were.</summary>
    public int Remove(RowBuffer rows)
    {
        lock (_gate)
        {
            var waiting = rows.Count - rows.FirstWaiting;
            if (waiting > 0)
                Unlink(rows, waiting);
            return waiting;
        }
    }

    /// <summary>Fills in the rows of the next run, waiting for them; false when the queue is closed and empty.</summary>
    public bool Take(List<Part> batch)
    {
        batch.Clear();
        lock (_gate)
        {
            while (true)
            {
                if (_first is null)
                {
                    if (_isClosed)
                        return false;
                    _idle++;
                    Monitor.Wait(_gate);
                    _idle--;
                    continue;
                }
                if (HasEnough || _isClosed)
                    break;
                var left = maxDelay - Stopwatch.GetElapsedTime(_first.QueuedAt);
                if (left <= TimeSpan.Zero)
                    break;
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
            }
            for (var room = Share; room > 0 && _first is { } rows;)
            {
                var count = Math.Min(room, rows.Count - rows.FirstWaiting);
                batch.Add(new(rows, rows.FirstWaiting, count));
                room -= count;
                if (rows.FirstWaiting + count == rows.Count)
                    Unlink(rows, count);
                else
                {
                    rows.FirstWaiting += count;
                    Count(0, -count);
                }
            }
            _expected = batch.Count;
            // Another run may take what is left.
            if (_first is not null)
                Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Lets what waits be taken, and then ends the runs; no rows may come any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private int Share => Math.Min(maxBatch, Math.Max(MinShare, (_rows + _idle) / (_idle + 1)));

    private bool HasEnough => _rows >= maxBatch || _callers >= _expected;

    private void Unlink(RowBuffer rows, int waiting)
    {
        if (rows.Previous is null)
            _first = rows.Next;
        else
            rows.Previous.Next = rows.Next;
        if (rows.Next is null)
            _last = rows.Previous;
        else
            rows.Next.Previous = rows.Previous;
        (rows.Previous, rows.Next) = (null, null);
        rows.FirstWaiting = rows.Count;
        Count(-1, -waiting);
    }

    private void Count(int callers, int rows)
    {
        _callers += callers;
        _rows += rows;
        metrics.Waiting(rows);
    }
}
