using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>Runs the training loop on given rows and weights, without a pipeline around it.</summary>
internal static class Fits
{
    public static TrainingSummary Run(
        DeepNetworkMulticlassTrainer.Options options, NetworkModule module, FlatParameters parameters, Samples.Rows rows, FitRandom random)
    {
        IHostEnvironment environment = new MLContext();
        var host = environment.Register("test");
        using var channel = host.Start("test");
        using var progress = host.StartProgressChannel("test");
        using var batches = rows.Batches(options.BatchSize!.Value);
        var context = new TrainingContext(options, rows.Objective, module, parameters, DataFacts.Sane(1));
        using var reporter = new ProgressReporter(channel, progress, options.Progress, options.ProgressSteps, options.Reports, options);
        return new TrainingLoop(options, context, module, reporter)
            .Run(batches, validation: null, random, Cancellation.None);
    }

    /// <summary>Collects the loss of every single step.</summary>
    public sealed class StepLosses : IProgress<TrainingProgress>
    {
        private double _sum;
        private int _count;

        public List<double> Losses { get; } = [];

        public void Report(TrainingProgress progress)
        {
            // Reports carry the mean over the epoch so far; with one epoch its sums give the single losses back.
            if (progress.Step == _count)
                return;
            _count++;
            var sum = progress.Loss * _count;
            Losses.Add(sum - _sum);
            _sum = sum;
        }
    }
}
