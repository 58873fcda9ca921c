using System.Text.RegularExpressions;

namespace Microsoft.ML.GradientStability.Tests.Reports;

[TestClass]
[DoNotParallelize]
public sealed partial class ConsoleReportTests
{
    [TestMethod]
    public void Without_a_terminal_a_fit_writes_plain_lines()
    {
        var before = Console.Out;
        using var written = new StringWriter();
        try
        {
            Console.SetOut(written);
            using var model = Fits.Run(Fits.Healthy(Report.Console));
            Assert.ThrowsExactly<GradientStabilityException>(() => Fits.Run(Fits.Vanishing(Report.Console)));
        }
        finally
        {
            Console.SetOut(before);
        }
        var lines = written.ToString();
        Assert.DoesNotContain("\e", lines);
        Assert.DoesNotContain("\r", lines.Replace("\r\n", "\n"));
        Assert.HasCount(10, Regex.Matches(lines[..lines.IndexOf("  trained all epochs")], @"(?m)^  epoch +\d+/10 "));
        Assert.Contains("  warning: Initial weights too small at hidden layer 1 of 20 (2→8), step 1: ", lines);
        Assert.MatchesRegex(@"(?m)^  failed: Training ended at step \d+", lines);
    }

    [TestMethod]
    [DataRow(120, true)]
    [DataRow(60, false)]
    public void The_live_line_fits_into_the_window_and_is_written_over(int width, bool colours)
    {
        using var written = new StringWriter();
        var curves = new TrainingCurves();
        using (var display = new LiveDisplay(written, () => width, colours, curves))
        {
            for (var epoch = 1; epoch <= 3; epoch++)
            {
                var progress = Progress(epoch);
                curves.AddEpoch(progress);
                display.Step(progress);
                display.EpochEnded(progress);
            }
            display.Ended(new FitEnd("AllEpochs", null, [], "3 epochs in 1 s"));
        }
        Assert.AreEqual(colours, written.ToString().Contains("\e[36m"));
        var frames = Colour().Replace(written.ToString(), "").Split("\r\e[K", StringSplitOptions.RemoveEmptyEntries);
        foreach (var frame in frames[..^1])
            Assert.IsLessThan(width, frame.Length, frame);
        Assert.Contains("epoch 2/3  loss 0.5", frames[1]);
        Assert.AreEqual(width > 100, frames[1].Contains("0.5 s left"), frames[1]);
        Assert.Contains("━━━━━━━━━━━━━━━━━━━━ 100 %", frames[^2]);
        Assert.EndsWith($"  trained all epochs: 3 epochs in 1 s{Environment.NewLine}", frames[^1]);
    }

    [TestMethod]
    public void A_course_is_drawn_from_its_least_to_its_greatest()
    {
        Assert.AreEqual("█▄▁", ConsoleLine.Sparkline([3, 2.1, double.NaN, 1]));
        Assert.AreEqual("", ConsoleLine.Sparkline([1]));
    }

    private static TrainingProgress Progress(int epoch) => new()
    {
        Epoch = epoch, Epochs = 3, Step = 10 * epoch, Steps = 30, LearningRate = 0.1, Loss = 1.0 / epoch, BatchLoss = 1, GradientNorm = 1, ClippedGradientNorm = 1,
        Clipped = false, ClippedShare = 0.25, ClippedSteps = 0, SkippedSteps = 0, Elapsed = TimeSpan.FromSeconds(0.5 * epoch), Layers = [],
    };

    [GeneratedRegex(@"\e\[\d+m")]
    private static partial Regex Colour();
}
