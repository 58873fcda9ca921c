namespace Microsoft.ML.GradientStability.Serving;

/// <summary>How an <see cref="OnnxPredictor"/> loads its model, gathers rows and runs them.</summary>
public sealed record OnnxPredictorOptions
{
    /// <summary>Rows a run takes at most; 256 by default. A model with a batch of one row is run with one whatever this says.</summary>
    public int MaxBatchSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65_536);
            field = value;
        }
    } = 256;

    /// <summary>
    /// How long a row waits at most for others while a device is free, in whole milliseconds from 0 (take what is there) to 1 s; 1 ms by default.
    /// A batch waits only for as many callers as the one before it had, so a caller who is alone never waits.
    /// </summary>
    public TimeSpan MaxDelay
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(1));
            if (value.Ticks % TimeSpan.TicksPerMillisecond != 0)
                throw new ArgumentOutOfRangeException(nameof(MaxDelay), $"MaxDelay is {value}: it must be whole milliseconds, the grain of the system's clock.");
            field = value;
        }
    } = TimeSpan.FromMilliseconds(1);

    /// <summary>Rows that may wait at a time; 16,384 by default. What comes on top is refused with a <see cref="PredictionQueueFullException"/>.</summary>
    public int QueueLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 16_384;

    /// <summary>The devices to share the rows between; the CPU by default.</summary>
    public IReadOnlyList<OnnxDevice> Devices
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count == 0 || value.Any(device => device is null) || value.Distinct().Count() < value.Count)
                throw new ArgumentOutOfRangeException(nameof(Devices), "Devices must name at least one device, and each once.");
            field = [.. value];
        }
    } = [OnnxDevice.Cpu];

    /// <summary>Whether a device that is missing is replaced by the CPU, with a warning, instead of an error; false by default.</summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>Runs at a time on each device; by default one a processor, at most 8. Runs that are idle share the rows that wait.</summary>
    public int RunsPerDevice
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 256);
            field = value;
        }
    } = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>Threads that share one run on the CPU; 1 by default, which gives the most rows a second. More shorten the runs of large models.</summary>
    public int ThreadsPerRun
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 256);
            field = value;
        }
    } = 1;

    /// <summary>A larger file is refused before it is read; 1 GiB by default, at most 2 GiB, the limit of one ONNX file.</summary>
    public long MaxFileBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Array.MaxLength);
            field = value;
        }
    } = 1 << 30;

    /// <summary>How often the file is looked at for a replacement; zero, the default, means never: then <see cref="OnnxPredictor.Reload"/> is the way.</summary>
    public TimeSpan ReloadInterval
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1));
            field = value;
        }
    }

    /// <summary>
    /// Called with what is no error and should still be known: a device replaced by the CPU, a new file that was refused. By default it is written to the error
    /// output, and in ASP.NET Core to the log.
    /// </summary>
    public Action<string>? Warn { get; init; }
}
