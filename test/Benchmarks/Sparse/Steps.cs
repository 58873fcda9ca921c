using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.GradientStability;

namespace Sparse;

/// <summary>What a fit takes of the processor.</summary>
/// <param name="Step">A step of its fastest epoch but the first, which also touches its memory for the first time.</param>
/// <param name="Fit">All of it, the network made, held against its ONNX form and loaded for scoring.</param>
internal readonly record struct Steps(TimeSpan Step, TimeSpan Fit)
{
    public static Steps Measure(MLContext ml, int width, int units, Optimizer optimizer, int epochs)
    {
        var data = WideRows.Load(ml, width);
        var epochsEnded = new List<(TimeSpan Time, long Step)>();
        var start = Now();
        using var model = ml.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options
        {
            Network = Network.FeedForward(units),
            Optimizer = optimizer,
            Epochs = epochs,
            Seed = 1,
            Progress = new EpochEnds(epochsEnded),
        }).Fit(data);
        var fit = Now() - start;
        var step = epochsEnded.Zip(epochsEnded.Skip(1), (a, b) => (b.Time - a.Time) / (b.Step - a.Step)).Min();
        return new Steps(step, fit);
    }

    private static TimeSpan Now() => Process.GetCurrentProcess().TotalProcessorTime;

    private sealed class EpochEnds(List<(TimeSpan, long)> ends) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress progress) => ends.Add((Now(), progress.Step));
    }
}
