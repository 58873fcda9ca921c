using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// One load of a file: its sessions, a pool of runs on each device, and the rows that were rented for it. It lives while it is the one in service, and
/// on while anyone holds rows of it: a reload replaces it, and it ends with its last row.
/// </summary>
internal sealed class LoadedModel
{
    /// <summary>Buffers that wait to be rented again; what is more than that is garbage.</summary>
    private const int MaxPooled = 1024;

    private readonly Stack<RowBuffer> _pool = [];
    private readonly List<IDisposable> _owned;
    private readonly int _maxBatch;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _holders = 1;
    private int _running;

    public LoadedModel(ModelShape shape, FileStamp stamp, IReadOnlyList<BatchTensors> runs, IEnumerable<InferenceSession> sessions,
        int maxBatch, OnnxPredictorOptions options, ServingMetrics metrics)
    {
        (Shape, Stamp, Metrics, _maxBatch) = (shape, stamp, metrics, maxBatch);
        Queue = new(maxBatch, options.MaxDelay, options.QueueLimit, metrics);
        _owned = [.. runs, .. sessions];
        _running = runs.Count;
        foreach (var tensors in runs)
        {
            var worker = new BatchWorker(Queue, shape, tensors, maxBatch, metrics);
            new Thread(() => Run(worker)) { IsBackground = true, Name = "ONNX predictor" }.Start();
        }
    }

    public ModelShape Shape { get; }

    /// <summary>Of the file that it came from.</summary>
    public FileStamp Stamp { get; }

    public RowQueue Queue { get; }

    public ServingMetrics Metrics { get; }

    /// <summary>Completes when every row is done and the sessions are gone.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Keeps the model alive for one more set of rows; false where it has ended.</summary>
    public bool TryHold()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            Queue.Close();
    }

    /// <summary>Rows of zeros; the caller holds the model for them.</summary>
    public RowBuffer Rent(int rows)
    {
        RowBuffer? buffer;
        lock (_pool)
            _pool.TryPop(out buffer);
        buffer ??= new(this);
        buffer.Start(rows);
        return buffer;
    }

    /// <summary>Takes back a buffer that no one uses any more.</summary>
    public void Return(RowBuffer buffer)
    {
        if (buffer.Count > _maxBatch)
            return;
        lock (_pool)
            if (_pool.Count < MaxPooled)
                _pool.Push(buffer);
    }

    private void Run(BatchWorker worker)
    {
        worker.Work();
        if (Interlocked.Decrement(ref _running) > 0)
            return;
        foreach (var owned in _owned)
            owned.Dispose();
        _ended.SetResult();
    }
}
