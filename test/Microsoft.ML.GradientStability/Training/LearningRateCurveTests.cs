namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>What a curve suggests, from losses that are known in closed form.</summary>
[TestClass]
public sealed class LearningRateCurveTests
{
    private const int Steps = 81;

    /// <summary>The logistic fall 2 − 1.5/(1 + e^−x) over the step has its steepest point where x is 0.</summary>
    [TestMethod]
    [DataRow(20)]
    [DataRow(40)]
    [DataRow(60)]
    public void The_suggestion_is_where_the_loss_falls_most_steeply(int steepest)
    {
        var curve = Curve(step => 2 - 1.5 / (1 + Math.Exp((steepest - step) / 3.0)));
        Assert.AreEqual(Rate(steepest), curve.Suggestion!.Value, 1e-9 * Rate(steepest));
        Assert.IsNull(curve.Problem);
        StringAssert.Contains(curve.ToString(), FormattableString.Invariant($"Suggestion: {Rate(steepest):G2}"));
    }

    [TestMethod]
    public void What_comes_after_the_lowest_loss_is_not_looked_at()
    {
        // A gentle fall to step 50; then the loss explodes, and falls back more steeply than ever before.
        var curve = Curve(step => step < 50 ? 2 - 0.03 * Math.Max(0, step - 15) : step == 60 ? 8 : step > 60 ? 3 : 1.5);
        Assert.IsLessThanOrEqualTo(Rate(50), curve.Suggestion!.Value);
    }

    [TestMethod]
    public void Neither_are_differences_between_batches_before_it_falls()
    {
        // Up and down by 0.5 at step 20, then down by 0.05 a step from 40 to 60.
        var curve = Curve(step => step == 20 ? 2.5 : 2 - 0.05 * Math.Clamp(step - 40, 0, 20));
        Assert.IsInRange(Rate(40), Rate(60), curve.Suggestion!.Value);
    }

    [TestMethod]
    public void A_loss_that_rises_suggests_nothing()
    {
        var curve = Curve(step => 2 + 0.01 * step);
        Assert.IsNull(curve.Suggestion);
        StringAssert.StartsWith(curve.Problem, "the loss never fell: it was 2.04 ± 0.03 over the first 10 steps, and at its lowest 2.1.");
        StringAssert.Contains(curve.ToString(), $"No suggestion: {curve.Problem}");
    }

    [TestMethod]
    public void A_fall_within_the_differences_between_batches_is_none()
    {
        // Losses of 2 and 2.3 in turn deviate by 0.158 from their mean.
        Assert.IsNull(Falling(0.15).Suggestion);
        Assert.AreEqual(Rate(40), Falling(0.17).Suggestion!.Value, 1e-9);

        static LearningRateCurve Falling(double by) => new(
            [.. Enumerable.Range(0, Steps).Select(step => new LearningRatePoint(Rate(step), 2 + 0.3 * (step % 2), step <= 40 ? 2.15 : 2.15 - by))], null);
    }

    [TestMethod]
    public void Too_few_steps_suggest_nothing()
    {
        Assert.AreEqual("11 steps are too few to judge: the reason.", new LearningRateCurve([.. Points(step => 2.0 - step).Take(11)], "the reason").Problem);
        Assert.AreEqual("learning rate        loss\nEnded after 0 steps: it was cancelled.\nNo suggestion: 0 steps are too few to judge: it was cancelled.",
            new LearningRateCurve([], "it was cancelled").ToString());
    }

    [TestMethod]
    public void A_curve_prints_as_a_chart()
    {
        var curve = new LearningRateCurve([.. Points(step => step < 11 ? 2 : step < 13 ? 1 : 1e9, 14)], "the loss exploded");
        var lines = curve.ToString().Split('\n');
        Assert.HasCount(1 + 14 + 2, lines);
        Assert.AreEqual("learning rate        loss", lines[0]);
        Assert.AreEqual($"      1.0E-06      2.0000  {new string('#', 38)}", lines[1]);
        Assert.AreEqual($"      1.0E-05      2.0000  {new string('#', 38)} ← suggestion", lines[11]);
        Assert.AreEqual($"      2.0E-05     1.0E+09  {new string('#', 48)}…", lines[14]);
        Assert.AreEqual("Ended after 14 steps: the loss exploded.", lines[15]);
        Assert.AreEqual("Suggestion: 1E-05", lines[16]);
    }

    private static double Rate(int step) => 1e-6 * Math.Pow(10, step / 10.0);

    private static LearningRateCurve Curve(Func<int, double> loss) => new([.. Points(loss)], null);

    /// <summary>Losses that are smooth already.</summary>
    private static IEnumerable<LearningRatePoint> Points(Func<int, double> loss, int count = Steps) =>
        Enumerable.Range(0, count).Select(step => new LearningRatePoint(Rate(step), loss(step), loss(step)));
}
