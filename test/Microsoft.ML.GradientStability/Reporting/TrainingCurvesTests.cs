namespace Microsoft.ML.GradientStability.Tests.Reporting;

[TestClass]
public sealed class TrainingCurvesTests
{
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(512, 1)]
    [DataRow(513, 2)]
    [DataRow(100_000, 256)]
    public void Points_are_bounded_and_evenly_spaced(int steps, int interval)
    {
        var curves = new TrainingCurves();
        for (var step = 1; step <= steps; step++)
            if (curves.WantsStep(step))
                curves.Add(At(step));
        Assert.AreEqual(interval, curves.Interval);
        Assert.IsLessThanOrEqualTo(TrainingCurves.MaxPoints, curves.Steps.Count);
        Assert.IsGreaterThanOrEqualTo(Math.Min(steps, TrainingCurves.MaxPoints / 2), curves.Steps.Count);
        for (var i = 0; i < curves.Steps.Count; i++)
        {
            Assert.AreEqual(1 + (long)i * interval, curves.Steps[i].Step);
            Assert.AreEqual(2.0 * curves.Steps[i].Step, curves.Steps[i].LayerNorms[0]);
        }
    }

    [TestMethod]
    public void The_step_of_a_finding_stays()
    {
        var curves = new TrainingCurves();
        for (var step = 1; step <= 5000; step++)
        {
            if (step == 1234)
                curves.AddFinding(At(step));
            if (curves.WantsStep(step))
                curves.Add(At(step));
        }
        Assert.HasCount(1, curves.Steps.Where(point => point.Step == 1234));
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(512)]
    [DataRow(514)]
    [DataRow(3000)]
    public void The_latest_epoch_is_always_there(int epochs)
    {
        var curves = new TrainingCurves();
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            curves.AddEpoch(At(epoch) with { Epoch = epoch });
            Assert.AreEqual(epoch, curves.Epochs[^1].Epoch);
        }
        Assert.AreEqual(1, curves.Epochs[0].Epoch);
        Assert.IsLessThanOrEqualTo(TrainingCurves.MaxPoints, curves.Epochs.Count);
        CollectionAssert.AllItemsAreUnique(curves.Epochs.Select(e => e.Epoch).ToArray());
    }

    [TestMethod]
    [DataRow(512)]
    [DataRow(513)]
    [DataRow(100_000)]
    public void Statistics_stay_bounded_evenly_spaced_and_keep_the_whole_fit_in_view(int looks)
    {
        var curves = new TrainingCurves();
        for (var step = 1L; step <= looks; step++)
            curves.Add(new StepStatistics(step, 1, 0, 0, [], []));
        var kept = curves.Statistics.Select(s => s.Step).ToArray();
        Assert.IsInRange(TrainingCurves.MaxPoints / 2, TrainingCurves.MaxPoints, kept.Length);
        Assert.AreEqual(1, kept[0]);
        Assert.HasCount(1, kept.Zip(kept.Skip(1), (a, b) => b - a).Distinct().ToArray());
        Assert.IsLessThan(kept[1] - kept[0], looks - kept[^1]);
    }

    [TestMethod]
    public void A_model_keeps_the_curves_of_its_fit()
    {
        var ml = new MLContext(seed: 1);
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(Samples.KeyedClusters(ml));
        var (summary, curves) = (model.Model.Summary, model.Model.Summary.Curves);
        Assert.HasCount((int)summary.Steps, curves.Steps);
        Assert.HasCount(summary.Epochs, curves.Epochs);
        Assert.AreEqual(summary.Loss, curves.Epochs[^1].Loss);
        Assert.AreEqual(curves.Steps.Where(s => s.Epoch == summary.Epochs).Average(s => s.Loss), summary.Loss, 1e-9);
        foreach (var step in curves.Steps)
            Assert.AreEqual(step.GradientNorm, Math.Sqrt(step.LayerNorms.Sum(n => n * n)), 1e-9);
        CollectionAssert.AreEqual(new[] { "hidden layer 1 of 2 (2→8)", "hidden layer 2 of 2 (8→8)", "output layer (8→3)" }, curves.Layers.ToArray());
    }

    private static TrainingProgress At(long step) => new()
    {
        Epoch = 1, Epochs = 1, Step = step, Steps = step, LearningRate = 0.1, Loss = 1, BatchLoss = 1, GradientNorm = step, ClippedGradientNorm = 1,
        Clipped = false, ClippedShare = 0, ClippedSteps = 0, SkippedSteps = 0, Elapsed = TimeSpan.Zero, Layers = [new LayerGradient("output", 2 * step)],
    };
}
