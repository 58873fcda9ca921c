namespace Microsoft.ML.GradientStability;

/// <summary>
/// What a fit measured, by step and layer: at most <see cref="MostSteps"/> steps. When they are full every second one is dropped, and from
/// then on half as many are kept, so that the whole fit stays in view at a bounded size.
/// </summary>
public sealed class TrainingHistory
{
    /// <summary>The most steps that are kept.</summary>
    public const int MostSteps = 512;

    private readonly List<StepRecord> _steps = [];
    private readonly List<EpochRecord> _epochs = [];
    private long _looks;
    private long _stride = 1;

    internal TrainingHistory(IReadOnlyList<string> layers) => Layers = layers;

    /// <summary>The layers with their widths, from the input on, as <see cref="StepRecord.Layers"/> has them.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>Steps that had a full look, in order.</summary>
    public IReadOnlyList<StepRecord> Steps => _steps;

    /// <summary>Every epoch, in order.</summary>
    public IReadOnlyList<EpochRecord> Epochs => _epochs;

    /// <summary>Whether the next full look is kept.</summary>
    internal bool Wants(long step) => step == 1 || ++_looks % _stride == 0;

    internal void Add(StepRecord step)
    {
        _steps.Add(step);
        if (_steps.Count < MostSteps)
            return;
        var kept = _steps.Where((_, i) => i % 2 == 0).ToArray();
        _steps.Clear();
        _steps.AddRange(kept);
        _stride *= 2;
    }

    internal void Add(EpochRecord epoch) => _epochs.Add(epoch);
}
