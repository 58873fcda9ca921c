using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Rows to be filled in and scored together, rented from <see cref="OnnxPredictor.Rent"/>. It belongs to one caller until it is given to
/// <see cref="OnnxPredictor.PredictAsync(RowBuffer, CancellationToken)"/>, and to the predictor from then on. A buffer that is not scored is disposed of.
/// </summary>
public sealed class RowBuffer : IValueTaskSource<Predictions>, IValueTaskSource<Prediction>, IDisposable
{
    private readonly LoadedModel _model;
    private byte[] _numbers = [];
    private string?[] _texts = [];
    private ManualResetValueTaskSourceCore<Predictions> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;
    private Exception? _failure;
    private int _unfinished;
    private bool _isFilling;

    internal RowBuffer(LoadedModel model) => _model = model;

    /// <summary>Rows in the buffer.</summary>
    public int Count { get; private set; }

    /// <summary>What the model takes, in the order of its columns.</summary>
    public ModelSchema Schema => _model.Shape.Schema;

    /// <summary>The values of an input in a row, to be filled in; they start as 0.</summary>
    /// <exception cref="ArgumentException">There is no such input, or it holds another type.</exception>
    public Span<T> Values<T>(int row, string input) where T : unmanaged
    {
        var column = Require(row, input, typeof(T));
        return MemoryMarshal.Cast<byte, T>(Layout.Numbers(_numbers, row, column));
    }

    /// <summary>The values of an input of text in a row, to be filled in; null and empty are the same.</summary>
    /// <exception cref="ArgumentException">There is no such input, or it is none of text.</exception>
    public Span<string?> Texts(int row, string input)
    {
        var column = Require(row, input, typeof(string));
        return Layout.Text(_texts, row, column);
    }

    /// <summary>Gives back a buffer that was not scored.</summary>
    public void Dispose()
    {
        if (!_isFilling)
            return;
        _isFilling = false;
        _model.Release();
        _model.Return(this);
    }

    internal RowLayout Layout => _model.Shape.Inputs;

    internal byte[] Numbers => _numbers;

    internal string?[] AllTexts => _texts;

    /// <summary>Where the predictions go.</summary>
    internal Predictions Results { get; private set; } = null!;

    /// <summary>Neighbours in the queue, and the first row that still waits there; all three are the queue's.</summary>
    internal RowBuffer? Previous, Next;

    internal int FirstWaiting;

    /// <summary>When the rows were queued.</summary>
    internal long QueuedAt { get; set; }

    /// <summary>Takes so many rows of zeros and empty texts.</summary>
    internal void Start(int rows)
    {
        var (bytes, texts) = (checked(rows * Layout.Bytes), checked(rows * Layout.Texts));
        if (_numbers.Length < bytes)
            _numbers = new byte[bytes];
        if (_texts.Length < texts)
            _texts = new string?[texts];
        Array.Clear(_numbers, 0, bytes);
        Array.Clear(_texts);
        (Count, _unfinished, _failure, FirstWaiting, _isFilling) = (rows, rows, null, 0, true);
    }

    /// <summary>Queues the rows; both kinds of task may be made of the token that comes back.</summary>
    internal short Submit(CancellationToken cancellation)
    {
        if (!_isFilling)
            throw new InvalidOperationException("These rows were scored or given back already; rent others.");
        _isFilling = false;
        Results = new Predictions(_model.Shape, Count);
        _cancellation = cancellation;
        var token = _source.Version;
        if (cancellation.IsCancellationRequested)
            Finish(Count, new OperationCanceledException(cancellation));
        else if (!_model.Queue.TryAdd(this))
            Finish(Count, new PredictionQueueFullException(Count, _model.Queue.Limit));
        else
            // Undone by GetResult, which no one can call before this has returned.
            _registration = cancellation.UnsafeRegister(static rows => ((RowBuffer)rows!).Cancel(), this);
        return token;
    }

    /// <summary>Says that so many rows are done, well or not; the last one completes the task.</summary>
    internal void Finish(int rows, Exception? failure = null)
    {
        if (failure is not null)
            Interlocked.CompareExchange(ref _failure, failure, null);
        if (Interlocked.Add(ref _unfinished, -rows) > 0)
            return;
        // From here on the model may end, and the caller may take the buffer back.
        _model.Metrics.Finished(Results, _failure);
        _model.Release();
        if (_failure is { } error)
            _source.SetException(error);
        else
            _source.SetResult(Results);
    }

    Predictions IValueTaskSource<Predictions>.GetResult(short token) => GetResult(token);

    Prediction IValueTaskSource<Prediction>.GetResult(short token) => GetResult(token)[0];

    ValueTaskSourceStatus IValueTaskSource<Predictions>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<Prediction>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<Predictions>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<Prediction>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private Predictions GetResult(short token)
    {
        // Throws for a token of another use, before anything is touched.
        if (_source.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("The prediction is not ready; await it.");
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _registration.Dispose();
            (_registration, _cancellation, Results) = (default, default, null!);
            _source.Reset();
            _model.Return(this);
        }
    }

    private void Cancel()
    {
        var waiting = _model.Queue.Remove(this);
        if (waiting > 0)
            Finish(waiting, new OperationCanceledException(_cancellation));
    }

    private int Require(int row, string input, Type type)
    {
        if (!_isFilling)
            throw new InvalidOperationException("These rows belong to the predictor; rent others.");
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        var column = Layout.Require(input, "input");
        return Layout.Columns[column].Type.Clr() == type
            ? column
            : throw new ArgumentException($"The input {Layout.Columns[column]} holds {Layout.Columns[column].Type.Clr().Name}, not {type.Name}.", nameof(input));
    }
}
