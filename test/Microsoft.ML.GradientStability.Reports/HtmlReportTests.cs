using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Microsoft.ML.GradientStability.Tests.Reports;

[TestClass]
public sealed partial class HtmlReportTests
{
    [TestMethod]
    public void A_fit_leaves_a_page_that_says_how_it_went()
    {
        var path = Fits.File("report.html");
        using var model = Fits.Run(Fits.Healthy(Report.Html(path)));
        var page = File.ReadAllText(path);
        Assert.Contains("<h1>Trained 10 epochs, no findings</h1>", page);
        foreach (var picture in new[] { "Loss", "Gradient norm", "Gradient norm of every layer", "Update ratio", "Spread of the activations of every hidden layer", "Gradient norm over depth", "Held-out accuracy", "Learning rate" })
            Assert.Contains($"<figcaption>{picture}", page);
        Assert.Contains("<b>80</b><span>steps</span>", page);
        // The page of the destination and that of the model differ in what only the returned model knows.
        Assert.Contains("weights of epoch", model.Model.Report.ToHtml());
        Assert.Contains("diagnostics took", model.Model.Report.ToHtml());
        Assert.AreEqual("Trained 10 epochs, no findings", model.Model.Report.ToString());
    }

    [TestMethod]
    public void A_fit_that_is_stopped_leaves_its_explanation()
    {
        var path = Fits.File("report.html");
        var error = Assert.ThrowsExactly<GradientStabilityException>(() => Fits.Run(Fits.Vanishing(Report.Html(path))));
        var page = File.ReadAllText(path);
        var last = error.Findings[^1];
        Assert.Contains($"<h1>Stopped at step {last.Step}: {last.Kind.ToLowerInvariant()} at {last.Layer}</h1>", page.Replace("&#8594;", "→"));
        foreach (var remedy in last.Remedies)
            Assert.Contains(System.Net.WebUtility.HtmlEncode(remedy.Setting), page);
        // A number for each in every picture.
        var pictures = Svg().Count(page);
        Assert.IsGreaterThanOrEqualTo(7, pictures);
        for (var number = 1; number <= error.Findings.Count; number++)
            Assert.HasCount(pictures, Regex.Matches(page, $@"<text x=""[\d.]+"" y=""[\d.]+"">{number}</text>"));
    }

    /// <summary>One batch of 200 has a target far out.</summary>
    [TestMethod]
    public void A_finding_that_is_over_is_marked()
    {
        var path = Fits.File("report.html");
        var random = new Random(3);
        var ml = new MLContext(seed: 1);
        var rows = Enumerable.Range(0, 2000).Select(i => (i, X: random.NextSingle())).Select(row => new Curve { Features = [row.X, 1 - row.X * row.X], Label = row.i == 808 ? 500 : row.X }).ToArray();
        using var model = ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options
        {
            Network = Network.FeedForward(8) with { Normalization = Normalization.None }, BatchSize = 10, Epochs = 1, Shuffle = false, Seed = 3,
            Detectors = [Detector.LossSpike], Reports = [Report.Html(path)],
        }).Fit(ml.Data.LoadFromEnumerable(rows));
        foreach (var page in new[] { File.ReadAllText(path), model.Model.Report.ToHtml() })
        {
            Assert.Contains("<h1>Trained 1 epochs, 1 finding, over</h1>", page);
            Assert.Contains("step 81, over, epoch 1", page);
        }
    }

    private sealed class Curve
    {
        [Data.VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    [TestMethod]
    public void An_error_that_is_no_finding_is_on_the_page()
    {
        var path = Fits.File("report.html");
        var options = Fits.Healthy(Report.Html(path));
        options.Progress = new Throwing();
        Assert.ThrowsExactly<InvalidOperationException>(() => Fits.Run(options));
        var page = File.ReadAllText(path);
        Assert.Contains("<h1>Failed at step 8: a &lt;b&gt; of its own</h1>", page);
        Assert.Contains("What ended it", page);
    }

    [TestMethod]
    public void The_page_is_there_before_the_first_step()
    {
        var path = Fits.File("report.html");
        using var session = Report.Html(path).Open(Fits.Healthy(), new TrainingCurves());
        Assert.Contains("<h1>Training: epoch 0 of 10, no findings so far</h1>", File.ReadAllText(path));
    }

    [TestMethod]
    public void A_path_that_cannot_be_written_ends_the_fit_at_once()
    {
        var path = Path.Combine(Fits.File("missing"), "report.html");
        Assert.Contains(path, Assert.ThrowsExactly<IOException>(() => Fits.Run(Fits.Healthy(Report.Html(path)))).Message);
    }

    [TestMethod]
    public void Every_picture_is_whole_named_and_loads_nothing()
    {
        using var model = Fits.Run(Fits.Healthy());
        var page = model.Model.Report.ToHtml();
        var pictures = Svg().Matches(page);
        Assert.IsGreaterThanOrEqualTo(8, pictures.Count);
        foreach (Match picture in pictures)
        {
            var svg = XElement.Parse(picture.Value);
            Assert.AreEqual("img", (string?)svg.Attribute("role"));
            Assert.IsGreaterThan(20, ((string?)svg.Attribute("aria-label"))!.Length);
            Assert.DoesNotContain("NaN", string.Concat(svg.Descendants("path").Select(p => (string?)p.Attribute("d"))));
        }
        Assert.DoesNotContain("http", page);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("url(", page);
    }

    /// <summary>A hundred thousand steps of a hundred layers with long findings are still a page that mails.</summary>
    [TestMethod]
    public void A_long_fit_of_a_deep_network_is_a_page_below_three_megabytes()
    {
        var curves = new TrainingCurves();
        var random = new Random(1);
        for (var step = 1L; step <= 100_000; step++)
            if (curves.WantsStep(step))
                curves.Add(Progress(step, [.. Enumerable.Range(0, 100).Select(layer => new LayerGradient($"hidden{layer}", Math.Exp(random.NextDouble() * 20 - 10)))]));
        var content = ReportContent.Of(Fits.Healthy(), curves, [], null, "AllEpochs", null);
        var page = new TrainingReport(content).ToHtml();
        Assert.IsLessThan(3_000_000, page.Length);
    }

    /// <summary>What cannot be drawn leaves a gap; the rest of the page stands.</summary>
    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(0.0)]
    public void Values_that_have_no_place_on_a_scale_leave_gaps(double value)
    {
        var curves = new TrainingCurves();
        foreach (var step in new[] { 1, 2, 3 })
            curves.Add(Progress(step, [new LayerGradient("hidden1", step == 2 ? value : 1), new LayerGradient("output", value)]) with { BatchLoss = value, GradientNorm = value });
        var page = new TrainingReport(ReportContent.Of(Fits.Healthy(), curves, [], null, "Failed", "it broke")).ToHtml();
        foreach (Match picture in Svg().Matches(page))
            foreach (var path in XElement.Parse(picture.Value).Descendants("path"))
                Assert.MatchesRegex(@"^([MLHVh][-\d. ]+)*$", (string?)path.Attribute("d"));
        Assert.AreEqual(!double.IsFinite(value), page.Contains($"stroke=\"{Palette.NotFinite}\""));
    }

    private static TrainingProgress Progress(long step, LayerGradient[] layers) => new()
    {
        Epoch = 1, Epochs = 1, Step = step, Steps = step, LearningRate = 0.1, Loss = 1, BatchLoss = 1, GradientNorm = 1, ClippedGradientNorm = 1, Clipped = false,
        ClippedShare = 0, ClippedSteps = 0, SkippedSteps = 0, Elapsed = TimeSpan.Zero, Layers = layers,
    };

    private sealed class Throwing : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => throw new InvalidOperationException("a <b> of its own");
    }

    [GeneratedRegex("<svg .*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();
}
