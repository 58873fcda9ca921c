using System.Text.RegularExpressions;

namespace Microsoft.ML.GradientStability.Tests.Reporting;

/// <summary>All that a small fit tells, on the log and to its progress, in the order in which it does.</summary>
[TestClass]
public sealed partial class TraceTests
{
    /// <summary>Two epochs of three steps at a rate that moves nothing: warned of at the third full look, judged at the end, and said once.</summary>
    [TestMethod]
    public void Every_event_of_a_fit_has_its_place()
    {
        var ml = new MLContext(seed: 1);
        var trace = new List<string>();
        ml.Log += (_, e) =>
        {
            if (e.Source.Contains("Training") && e.Kind is Microsoft.ML.Runtime.ChannelMessageKind.Info or Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                trace.Add($"{e.Kind}: {Numbers().Replace(e.RawMessage!.Split(" (", 2)[0].Split(':', 2)[0], "#")}");
        };
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Schedule = LearningRateSchedule.Constant,
            Network = Network.FeedForward(4) with { Normalization = Normalization.None },
            Optimizer = Optimizer.Sgd(1e-12),
            BatchSize = 20,
            Epochs = 2,
            Seed = 1,
            StatisticsInterval = 2,
            ProgressSteps = 1,
            Progress = new Synchronous(p => trace.Add($"{(p.Finding is { } finding ? finding.Kind : p.ValidationLoss is null && p.Statistics is null ? "" : "looked at")} {p.Epoch}.{p.Step}".Trim())),
        };
        ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml, 60)).Dispose();
        string[] expected =
        [
            "Info: # training rows, # held out, # features; # Relu, normalization None; initializer HeUniform; clipping Norm(#); optimizer Sgd(#E-#); schedule Constant; batch #; epochs #",
            "Info: Steps are written out, forward and backward.",
            "looked at 1.1", "looked at 1.2", "1.3", "Info: epoch   #/#  step      #  loss #  gradient #, clipped # %  # s", "1.3",
            "looked at 2.4", "2.5", "Warning: Steps too small at the whole network, step #", "Steps too small 2.6", "looked at 2.6",
            "Info: epoch   #/#  step      #  loss #  gradient #, clipped # %  # s", "2.6",
            "Info: # epochs, # steps in # s",
        ];
        CollectionAssert.AreEqual(expected, trace, string.Join('\n', trace));
    }

    private sealed class Synchronous(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Numbers();
}
