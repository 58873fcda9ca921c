namespace Microsoft.ML.GradientStability;

/// <summary>
/// Loss, learning rate, gradient norms and statistics over the steps of a fit, in bounded memory whatever its length: where
/// <see cref="MaxPoints"/> are kept, every second one is dropped and the interval between those to come doubles. The steps of findings stay.
/// </summary>
[TypeFormatterSource]
public sealed class TrainingCurves
{
    /// <summary>Most points of steps, and of epochs, that are kept.</summary>
    public const int MaxPoints = 512;

    /// <summary>Findings beyond these leave no step of their own.</summary>
    private const int MaxKept = 64;

    private readonly List<StepPoint> _steps = [];
    private readonly List<EpochPoint> _epochs = [];
    private readonly List<StepStatistics> _statistics = [];
    private readonly HashSet<long> _kept = [];
    private int _epochInterval = 1;
    private long _looks;
    private long _lookInterval = 1;

    internal TrainingCurves() { }

    /// <summary>The layers, from the input on; empty before the first step.</summary>
    public IReadOnlyList<string> Layers { get; private set; } = [];

    /// <summary>Steps, in order.</summary>
    public IReadOnlyList<StepPoint> Steps => _steps;

    /// <summary>Full looks at steps, in order: the first step, and one every <c>StatisticsInterval</c> or a multiple of it.</summary>
    public IReadOnlyList<StepStatistics> Statistics => _statistics;

    /// <summary>Epochs, in order.</summary>
    public IReadOnlyList<EpochPoint> Epochs => _epochs;

    /// <summary>Steps between two points; a power of two.</summary>
    public long Interval { get; private set; } = 1;

    /// <summary>Whether the step would make a point. The first one does.</summary>
    internal bool WantsStep(long step) => (step - 1) % Interval == 0;

    internal void Add(TrainingProgress progress)
    {
        if (Layers.Count == 0)
            Layers = [.. progress.Layers.Select(layer => layer.Layer)];
        if (_steps.Count > 0 && _steps[^1].Step == progress.Step)
            _steps.RemoveAt(_steps.Count - 1);
        _steps.Add(new StepPoint(progress.Step, progress.Epoch, progress.BatchLoss, progress.LearningRate, progress.GradientNorm,
            progress.ClippedGradientNorm, [.. progress.Layers.Select(layer => layer.Norm)]));
        if (_steps.Count <= MaxPoints)
            return;
        Interval *= 2;
        _steps.RemoveAll(point => !WantsStep(point.Step) && !_kept.Contains(point.Step));
    }

    internal void Add(StepStatistics statistics)
    {
        if (_looks++ % _lookInterval != 0)
            return;
        _statistics.Add(statistics);
        if (_statistics.Count <= MaxPoints)
            return;
        _lookInterval *= 2;
        var kept = _statistics.Where((_, i) => i % 2 == 0).ToArray();
        _statistics.Clear();
        _statistics.AddRange(kept);
    }

    internal void AddFinding(TrainingProgress progress)
    {
        if (_kept.Count < MaxKept)
            _kept.Add(progress.Step);
        Add(progress);
    }

    internal void AddEpoch(TrainingProgress progress)
    {
        // The latest epoch is always there, and gives way where it is none of the interval.
        if (_epochs.Count > 1 && (_epochs[^1].Epoch - 1) % _epochInterval != 0)
            _epochs.RemoveAt(_epochs.Count - 1);
        _epochs.Add(new EpochPoint(progress.Epoch, progress.Step, progress.Loss, progress.ValidationLoss, progress.ValidationAccuracy, progress.ClippedShare));
        if (_epochs.Count <= MaxPoints)
            return;
        _epochInterval *= 2;
        _epochs.RemoveAll(point => (point.Epoch - 1) % _epochInterval != 0 && point.Epoch != progress.Epoch);
    }
}
