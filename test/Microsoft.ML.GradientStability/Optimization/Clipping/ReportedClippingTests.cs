namespace Microsoft.ML.GradientStability.Tests.Optimization.Clipping;

/// <summary>What a fit tells about its clipping, against the steps counted from outside.</summary>
[TestClass]
public sealed class ReportedClippingTests
{
    public static IEnumerable<object[]> Clippers() =>
    [
        [GradientClipper.Norm(0.8)],
        [GradientClipper.Value(0.2)],
        [GradientClipper.ParameterNorm(0.4)],
        [GradientClipper.Adaptive(2)],
        [GradientClipper.AutoClip(50)],
        [GradientClipper.ZClip(0.5, null) with { WarmUpSteps = 2, Alpha = 0.5 }],
        [GradientClipper.AdaGc(3, 10) with { WarmUpSteps = 5 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Clippers))]
    public void Norms_before_and_after_and_the_share_of_clipped_steps(GradientClipper clipper)
    {
        var ml = new MLContext(seed: 1);
        var steps = new Steps();
        var options = Samples.Small();
        (options.Clipping, options.Progress, options.ProgressSteps) = (clipper, steps, 1);
        using var transformer = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml));

        var all = steps.Seen;
        var clipped = all.Count(p => p.ClippedGradientNorm < p.GradientNorm);
        Assert.IsTrue(clipped > 0 && clipped < all.Count, $"{clipped} of {all.Count} steps clipped");
        Assert.AreEqual(transformer.Model.Summary.Steps, all.Count);
        Assert.AreEqual((double)clipped / all.Count, transformer.Model.Summary.ClippedShare, 1e-12);
        foreach (var epoch in all.GroupBy(p => p.Epoch))
        {
            var ofEpoch = 0;
            foreach (var (index, progress) in epoch.Index())
            {
                Assert.IsLessThanOrEqualTo(progress.GradientNorm, progress.ClippedGradientNorm);
                Assert.AreEqual(progress.ClippedGradientNorm < progress.GradientNorm, progress.Clipped);
                ofEpoch += progress.ClippedGradientNorm < progress.GradientNorm ? 1 : 0;
                Assert.AreEqual((double)ofEpoch / (index + 1), progress.ClippedShare, 1e-12);
                if (clipper is NormClipper norm)
                    Assert.AreEqual(Math.Min(norm.MaxNorm, progress.GradientNorm), progress.ClippedGradientNorm, 2e-6);
            }
        }
    }

    [TestMethod]
    public void Centralization_shrinks_the_gradient_but_is_not_clipping()
    {
        var ml = new MLContext(seed: 1);
        var steps = new Steps();
        var options = Samples.Small();
        (options.Clipping, options.CentralizeGradients, options.Progress, options.ProgressSteps) = (GradientClipper.None, true, steps, 1);
        using var transformer = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml));

        Assert.AreEqual(0, transformer.Model.Summary.ClippedShare);
        Assert.IsTrue(steps.Seen.All(p => !p.Clipped && p.ClippedGradientNorm > 0 && p.ClippedGradientNorm < p.GradientNorm));
    }

    /// <summary>The report of every single step; those at the end of an epoch say the same again.</summary>
    private sealed class Steps : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];

        public void Report(TrainingProgress value)
        {
            if (Seen.Count == 0 || value.Step > Seen[^1].Step)
                Seen.Add(value);
        }
    }
}
