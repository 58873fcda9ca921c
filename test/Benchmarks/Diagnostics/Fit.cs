using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

namespace DiagnosticsBench;

/// <summary>How much is looked at.</summary>
internal enum Level { None, EveryStep, Full }

/// <summary>A short fit of batches of 64 rows, on one thread.</summary>
/// <param name="StepTime">µs of processor time a step, from the end of the first epoch to that of the last, so that no set-up is in it.</param>
/// <param name="EveryStepShare">Part of the loop's time that the fit itself counts for what is read at every step.</param>
/// <param name="Share">The same with the full looks.</param>
internal sealed record Fit(double StepTime, double EveryStepShare, double Share)
{
    private const int Width = 64;

    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_rows = s_ml.Data.LoadFromEnumerable(Draw());

    public static Fit Run(FeedForwardNetwork network, Level level)
    {
        var ends = new EpochEnds();
        using var model = s_ml.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options
        {
            Network = network,
            BatchSize = 64,
            Epochs = 4,
            Seed = 1,
            Threads = 1,
            Detectors = level == Level.None ? [] : Detector.All,
            StatisticsInterval = level == Level.Full ? 16 : int.MaxValue,
            Progress = ends,
        }).Fit(s_rows);
        var summary = model.Model.Summary;
        var (all, cost) = (summary.Duration, summary.DiagnosticsCost);
        return new Fit(ends.StepTime, cost.EveryStep / all, (cost.EveryStep + cost.FullLooks) / all);
    }

    private static Row[] Draw()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 6400).Select(_ =>
        {
            var features = Enumerable.Range(0, Width).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
            return new Row { Features = features, Label = features[0] + features[1] * features[2] > 0 };
        })];
    }

    private sealed class EpochEnds : IProgress<TrainingProgress>
    {
        private (TimeSpan Processor, long Step) _first;
        private (TimeSpan Processor, long Step) _last;

        public double StepTime => (_last.Processor - _first.Processor).TotalMicroseconds / (_last.Step - _first.Step);

        public void Report(TrainingProgress progress)
        {
            if (progress.Finding is not null)
                return;
            _last = (Process.GetCurrentProcess().TotalProcessorTime, progress.Step);
            if (_first.Step == 0)
                _first = _last;
        }
    }

    private sealed class Row
    {
        [VectorType(Width)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
