using System.Text.Json;

namespace Microsoft.ML.GradientStability.Tests.Reporting.Destinations;

[TestClass]
public sealed class JsonLinesTests
{
    [TestMethod]
    public void A_fit_is_a_line_an_event()
    {
        var path = Path.Combine(Observed.Folder(), "fit.jsonl");
        Observed.Fit(Report.JsonLines(path) with { Steps = 2 });
        var lines = File.ReadAllText(path);
        Assert.EndsWith("\n", lines);
        var events = Read(path);
        CollectionAssert.AreEqual(new[] { "start", "finding", "statistics", "step", "epoch", "step", "epoch", "end" }, events.Select(Event).ToArray());
        Assert.AreEqual("Multiclass", events[0].GetProperty("options").GetProperty("$type").GetString());
        Assert.AreEqual("Exploding gradient", events[1].GetProperty("kind").GetString());
        Assert.AreEqual(1, events[1].GetProperty("step").GetInt64());
        var (step, epoch) = (events[3], events[4]);
        Assert.AreEqual(2, step.GetProperty("step").GetInt64());
        var norms = step.GetProperty("layers").EnumerateObject().ToArray();
        CollectionAssert.AreEqual(new[] { "hidden layer 1 of 1 (2→4)", "output layer (4→3)" }, norms.Select(n => n.Name).ToArray());
        Assert.AreEqual(step.GetProperty("gradientNorm").GetDouble(), Math.Sqrt(norms.Sum(n => n.Value.GetDouble() * n.Value.GetDouble())), 1e-9);
        var statistics = events[2].GetProperty("layers").GetProperty("output layer (4→3)");
        Assert.IsInRange(1e-6, 1, statistics.GetProperty("updateRatio").GetDouble());
        Assert.AreEqual(1, events[2].GetProperty("activations").GetArrayLength());
        Assert.IsGreaterThan(0, epoch.GetProperty("validationLoss").GetDouble());
        Assert.AreEqual("AllEpochs", events[^1].GetProperty("end").GetString());
    }

    [TestMethod]
    public void A_second_fit_adds_to_the_file()
    {
        var path = Path.Combine(Observed.Folder(), "fits.jsonl");
        Observed.Fit(Report.JsonLines(path));
        Observed.Fit(Report.JsonLines(path));
        Assert.AreEqual(2, Read(path).Count(e => Event(e) == "start"));
    }

    [TestMethod]
    public void A_fit_that_fails_ends_with_its_error()
    {
        var path = Path.Combine(Observed.Folder(), "failed.jsonl");
        var error = Assert.ThrowsExactly<GradientStabilityException>(() => Observed.Fit(
            o => (o.Clipping, o.Detectors) = (GradientClipper.None, [Detector.ExplodingGradient with { MaxNorm = 1e-6, Patience = 1 }]), Report.JsonLines(path)));
        var end = Read(path)[^1];
        Assert.AreEqual("Failed", end.GetProperty("end").GetString());
        Assert.AreEqual(error.Message, end.GetProperty("error").GetString());
    }

    /// <summary>Every line is there as soon as it is told, so that nothing is lost with the program.</summary>
    [TestMethod]
    public void Lines_are_whole_while_the_fit_runs()
    {
        var path = Path.Combine(Observed.Folder(), "running.jsonl");
        var counts = new List<int>();
        Observed.Fit(o =>
        {
            o.ProgressSteps = 1;
            o.Progress = new Synchronous(_ => counts.Add(Read(path).Count));
        }, Report.JsonLines(path) with { Steps = 1 });
        CollectionAssert.AreEqual(new[] { 2, 4, 5, 6, 7, 8, 9 }, counts);
    }

    [TestMethod]
    public void Numbers_that_are_not_finite_are_strings()
    {
        var path = Path.Combine(Observed.Folder(), "nan.jsonl");
        Assert.ThrowsExactly<GradientStabilityException>(() => Observed.Fit(o =>
        {
            (o.Optimizer, o.Clipping, o.Detectors, o.Epochs) = (Optimizer.Sgd(1e30), GradientClipper.None, [], 20);
        }, Report.JsonLines(path) with { Steps = 1 }));
        Assert.Contains(e => Event(e) == "step" && e.GetProperty("loss").ValueKind == JsonValueKind.String, Read(path));
    }

    private static string Event(JsonElement line) => line.GetProperty("event").GetString()!;

    private static List<JsonElement> Read(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private sealed class Synchronous(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
