using System.Diagnostics.Metrics;

namespace Microsoft.ML.GradientStability.Tests.Reporting.Destinations;

[TestClass]
[DoNotParallelize]
public sealed class MetricsTests
{
    [TestMethod]
    public void A_listener_gets_every_instrument_that_the_page_lists()
    {
        var seen = Listen(Report.Metrics with { Fit = "here" });
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reports.md"));
        foreach (var (name, _, tags) in seen)
        {
            Assert.Contains($"`{name}`", page);
            foreach (var tag in tags.Keys)
                Assert.Contains($"`{tag}`", page);
        }
        CollectionAssert.AreEquivalent(
            new[] { "steps", "epochs", "findings", "loss", "learning_rate", "validation.loss", "validation.accuracy", "gradient_norm", "layer_gradient_norm", "update_ratio" },
            seen.Select(s => s.Name["gradient_stability.".Length..]).Distinct().ToArray());
        Assert.AreEqual(4, seen.Where(s => s.Name == "gradient_stability.steps").Sum(s => s.Value));
        Assert.AreEqual(2, seen.Where(s => s.Name == "gradient_stability.epochs").Sum(s => s.Value));
        Assert.HasCount(8, seen.Where(s => s.Name == "gradient_stability.layer_gradient_norm"));
        var finding = seen.Single(s => s.Name == "gradient_stability.findings");
        Assert.AreEqual("Exploding gradient", finding.Tags["gradient_stability.finding.kind"]);
        Assert.AreEqual("warning", finding.Tags["gradient_stability.finding.severity"]);
    }

    [TestMethod]
    public void Without_a_name_of_the_fit_there_is_no_such_attribute()
    {
        foreach (var (_, _, tags) in Listen(Report.Metrics))
            Assert.IsFalse(tags.ContainsKey("gradient_stability.fit"));
    }

    [TestMethod]
    public void Where_nobody_listens_no_step_is_wanted()
    {
        using var session = Report.Metrics.Open(Samples.Small(), new TrainingCurves());
        Assert.IsFalse(session.WantsStep(1));
    }

    private static List<(string Name, double Value, Dictionary<string, object?> Tags)> Listen(MetricsReport report)
    {
        var seen = new List<(string, double, Dictionary<string, object?>)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Microsoft.ML.GradientStability")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => seen.Add((i.Name, v, tags.ToArray().ToDictionary())));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => seen.Add((i.Name, v, tags.ToArray().ToDictionary())));
        listener.Start();
        Observed.Fit(report);
        return seen;
    }
}
