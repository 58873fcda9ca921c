using System.Collections.Concurrent;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Scores rows by an ONNX file. Any number of threads may call it: their rows are gathered into runs, shared between devices, and each caller gets its own.
/// A file that is replaced can be taken in while rows are scored; not one is lost.
/// </summary>
public sealed class OnnxPredictor : IAsyncDisposable, IDisposable
{
    /// <summary>Of the meter that its instruments belong to, for OpenTelemetry's <c>AddMeter</c>.</summary>
    public const string MeterName = "Microsoft.ML.GradientStability.Serving";

    private readonly OnnxPredictorOptions _options;
    private readonly ServingMetrics _metrics;
    private readonly ModelFileWatch? _watch;
    private readonly Lock _reloading = new();
    private readonly ConcurrentDictionary<Type, object> _typedRows = [];
    private volatile LoadedModel _model;
    private Task? _ended;

    /// <summary>Loads a model and makes it ready.</summary>
    /// <exception cref="ModelFileException">The file is no model that can be served; the message says why.</exception>
    /// <exception cref="NotSupportedException">A device, or ONNX Runtime itself, is missing; the message says what to add.</exception>
    public OnnxPredictor(string path, OnnxPredictorOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        (Path, _options) = (System.IO.Path.GetFullPath(path), options ?? new());
        _metrics = new(System.IO.Path.GetFileName(path));
        _model = ModelLoader.Load(Path, _options, _metrics, inService: null);
        if (_options.ReloadInterval > TimeSpan.Zero)
            _watch = new(Path, _options.ReloadInterval, _model.Stamp, TryReload);
    }

    /// <summary>Of the model's file.</summary>
    public string Path { get; }

    /// <summary>What the model takes and gives.</summary>
    public ModelSchema Schema => _model.Shape.Schema;

    /// <summary>Why the file that stands at <see cref="Path"/> now is not the one in service; null where it is, and while no one has tried it.</summary>
    public string? RefusedReplacement { get; private set; }

    /// <summary>Rows to be filled in, of zeros; the way for models of any inputs. They are disposed of, or given to a prediction.</summary>
    public RowBuffer Rent(int rows = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        // A model that a reload has replaced in between may have ended.
        while (true)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _ended) is not null, this);
            var model = _model;
            if (model.TryHold())
                return model.Rent(rows);
        }
    }

    /// <summary>Scores the features of one row, for a model whose one input is Single.</summary>
    /// <exception cref="ArgumentException">The model takes something else.</exception>
    /// <exception cref="PredictionQueueFullException">Too many rows wait.</exception>
    public ValueTask<Prediction> PredictAsync(ReadOnlySpan<float> features, CancellationToken cancellation = default)
    {
        var rows = Rent();
        if (rows.Schema.Inputs is not [{ Type: ColumnType.Single } input] || input.Width != features.Length)
        {
            rows.Dispose();
            throw new ArgumentException($"{features.Length} features were given, and the model takes {ModelSchema.List(rows.Schema.Inputs)}.", nameof(features));
        }
        features.CopyTo(rows.Values<float>(0, input.Name));
        return new(rows, rows.Submit(cancellation));
    }

    /// <summary>Scores the rows of a buffer, which from then on belongs to the predictor.</summary>
    /// <exception cref="PredictionQueueFullException">Too many rows wait.</exception>
    /// <exception cref="PredictionException">The model fails on a row.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled while rows of it waited.</exception>
    public ValueTask<Predictions> PredictAsync(RowBuffer rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new(rows, rows.Submit(cancellation));
    }

    /// <summary>Scores a row of a type that has a public property or field of the name and the type of each input.</summary>
    /// <exception cref="ArgumentException">The type lacks an input, or has another type for it.</exception>
    /// <exception cref="PredictionQueueFullException">Too many rows wait.</exception>
    public ValueTask<Prediction> PredictRowAsync<TRow>(TRow row, CancellationToken cancellation = default)
    {
        var rows = Fill([row]);
        return new(rows, rows.Submit(cancellation));
    }

    /// <summary>Scores rows of a type that has a public property or field of the name and the type of each input.</summary>
    /// <exception cref="ArgumentException">The type lacks an input, or has another type for it; or there are no rows.</exception>
    /// <exception cref="PredictionQueueFullException">Too many rows wait.</exception>
    public ValueTask<Predictions> PredictRowsAsync<TRow>(ReadOnlySpan<TRow> rows, CancellationToken cancellation = default)
    {
        var buffer = Fill(rows);
        return new(buffer, buffer.Submit(cancellation));
    }

    /// <summary>Takes in the file that stands at <see cref="Path"/> now, after it has passed its checks; until then, and where it fails, the old one serves.</summary>
    /// <exception cref="ModelFileException">The file is no model that can be served, or takes other inputs than the one in service; that one stays.</exception>
    public void Reload()
    {
        lock (_reloading)
        {
            ObjectDisposedException.ThrowIf(_ended is not null, this);
            try
            {
                var model = ModelLoader.Load(Path, _options, _metrics, Schema);
                (var old, _model, RefusedReplacement) = (_model, model, null);
                old.Release();
                _metrics.Reloaded(isLoaded: true);
            }
            catch (Exception e) when (e is ModelFileException or NotSupportedException)
            {
                RefusedReplacement = e.Message;
                _metrics.Reloaded(isLoaded: false);
                throw;
            }
        }
    }

    /// <summary>Takes no more rows, finishes those that it has, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
            await _watch.DisposeAsync().ConfigureAwait(false);
        lock (_reloading)
            if (_ended is null)
            {
                Volatile.Write(ref _ended, _model.Ended);
                _model.Release();
            }
        await _ended.ConfigureAwait(false);
    }

    /// <summary>Takes no more rows, finishes those that it has, and ends.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void TryReload()
    {
        try
        {
            Reload();
        }
        catch (Exception e) when (e is ModelFileException or NotSupportedException)
        {
            (_options.Warn ?? Console.Error.WriteLine)($"{e.Message} The model in service stays.");
        }
    }

    private RowBuffer Fill<TRow>(ReadOnlySpan<TRow> rows)
    {
        var buffer = Rent(rows.Length);
        try
        {
            var typed = (TypedRows<TRow>)_typedRows.GetOrAdd(typeof(TRow), static (_, schema) => new TypedRows<TRow>(schema), buffer.Schema);
            for (var i = 0; i < rows.Length; i++)
                typed.Copy(rows[i], buffer, i);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
