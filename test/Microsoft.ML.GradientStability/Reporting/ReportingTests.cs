using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability.Tests.Reporting;

[TestClass]
public sealed class ReportingTests
{
    private const int Rows = 30;

    /// <summary>The order of everything that a fit tells the outside, pinned once.</summary>
    [TestMethod]
    public void The_whole_trace_of_a_fit()
    {
        var ml = new MLContext(seed: 1);
        var events = new List<string>();
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Schedule = LearningRateSchedule.Constant,
            Network = Network.FeedForward(4) with { Normalization = Normalization.None },
            Detectors = [Detector.UnusableData, Detector.PoorFit with { Nothing = 0 }],
            BatchSize = 15,
            Epochs = 2,
            ValidationFraction = 0.5,
            Progress = new Recorder(events),
            ProgressSteps = 1,
        };
        new DeepNetworkMulticlassTrainer(new RecordingHost(ml, events), options).Fit(Samples.KeyedClusters(ml, 2 * Rows)).Dispose();

        string[] expected =
        [
            $"info {Rows} training rows, {Rows} held out, 2 features",
            "header loss|validation loss|gradient norm / epochs",
            "info Steps are written out",
            "progress step, epoch 1 step 1, layers 2",
            "progress step, epoch 1 step 2, layers 2",
            "info epoch   1/2",
            "checkpoint of 4, epoch 1",
            "progress epoch, epoch 1 step 2, layers 2",
            "progress step, epoch 2 step 3, layers 2",
            "progress step, epoch 2 step 4, layers 2",
            "info epoch   2/2",
            "checkpoint of 4, epoch 2",
            "progress epoch, epoch 2 step 4, layers 2",
            "warning Nothing learnt",
            "progress finding, epoch 2 step 4, layers 2",
            "info 2 epochs, 4 steps in ",
            "progress closed",
            "channel closed",
        ];
        Assert.HasCount(expected.Length, events, string.Join('\n', events));
        for (var i = 0; i < expected.Length; i++)
            StringAssert.StartsWith(events[i], expected[i], $"event {i}");
    }

    [TestMethod]
    public void Log_gets_a_line_an_epoch_and_a_warning_a_finding()
    {
        var ml = new MLContext(seed: 1);
        var lines = new List<(ChannelMessageKind Kind, string Text)>();
        ml.Log += (_, e) => lines.Add((e.Kind, e.RawMessage ?? ""));
        var options = Samples.Small();
        options.Optimizer = Optimizer.Sgd(1e-7);
        options.Epochs = 3;
        ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml)).Dispose();

        Assert.AreEqual(3, lines.Count(l => l.Kind == ChannelMessageKind.Info && l.Text.StartsWith("epoch ")));
        var warning = lines.Single(l => l.Kind == ChannelMessageKind.Warning).Text;
        StringAssert.StartsWith(warning, "Nothing learnt at ");
        StringAssert.Contains(warning, "too low: a step changed the weights by");
        StringAssert.EndsWith(warning, "Set Optimizer = … with { LearningRate = 0.001 }.");
        Assert.DoesNotContain("\n", warning);
    }

    [TestMethod]
    public void Progress_tells_loss_norms_and_held_out_accuracy()
    {
        var ml = new MLContext(seed: 1);
        var reports = new Collector();
        var options = Samples.Small();
        options.ValidationFraction = 0.2;
        options.Progress = reports;
        ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml)).Dispose();

        Assert.HasCount(10, reports.Seen);
        var (first, last) = (reports.Seen[0], reports.Seen[^1]);
        Assert.AreEqual(1, first.Epoch);
        Assert.AreEqual(10, last.Epoch);
        // 120 training rows in batches of 16 are 8 steps an epoch.
        Assert.AreEqual(80, last.Step);
        Assert.IsLessThan(first.Loss, last.Loss);
        Assert.IsGreaterThan(0.9, last.ValidationAccuracy!.Value);
        CollectionAssert.AreEqual(
            new[] { "hidden layer 1 of 2 (2→8)", "hidden layer 2 of 2 (8→8)", "output layer (8→3)" }, last.Layers.Select(l => l.Layer).ToArray());
        Assert.AreEqual(last.GradientNorm, Math.Sqrt(last.Layers.Sum(l => l.Norm * l.Norm)), 1e-9);
        StringAssert.Contains(last.ToString(), "held out: loss");
    }

    private sealed class Collector : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];

        public void Report(TrainingProgress value) => Seen.Add(value);
    }

    private sealed class Recorder(List<string> events) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress p) => events.Add(
            $"progress {(p.Finding is not null ? "finding" : p.ValidationLoss is not null ? "epoch" : "step")}, epoch {p.Epoch} step {p.Step}, layers {p.Layers.Count}");
    }
}
