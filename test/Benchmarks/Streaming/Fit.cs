using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.GradientStability;

namespace Streaming;

/// <summary>One fit and what it took. Epochs are timed where the trainer reports them.</summary>
internal sealed class Fit : IProgress<TrainingProgress>
{
    private readonly Stopwatch _clock = new();
    private readonly Watch _watch;
    private TimeSpan _ended;
    private TimeSpan _waited;

    private Fit(Watch watch) => _watch = watch;

    /// <summary>Before the first epoch: the pass that measures the data.</summary>
    public TimeSpan Before { get; private set; }

    /// <summary>Each epoch, and how long the trainer stood still in it.</summary>
    public List<(TimeSpan Time, TimeSpan Waited, double Loss)> Epochs { get; } = [];

    public long WorkingSetBefore => _watch.WorkingSetBefore;

    public long GreatestWorkingSet => _watch.GreatestWorkingSet;

    public long GreatestHeapGrowth => _watch.GreatestHeapGrowth;

    public static Fit Run(MLContext ml, IDataView data, long memoryBudget, int epochs)
    {
        using var watch = new Watch();
        var fit = new Fit(watch);
        var trainer = ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options
        {
            Network = Network.FeedForward(64, 64),
            BatchSize = 256,
            Epochs = epochs,
            MemoryBudget = memoryBudget,
            Seed = 1,
            Progress = fit,
        });
        fit._clock.Start();
        trainer.Fit(data);
        return fit;
    }

    public void Report(TrainingProgress progress)
    {
        var (now, waited) = (_clock.Elapsed, _watch.Waited);
        if (Epochs.Count == 0)
        {
            Before = now - progress.Elapsed;
            _ended = Before;
        }
        Epochs.Add((now - _ended, waited - _waited, progress.Loss));
        (_ended, _waited) = (now, waited);
    }
}
