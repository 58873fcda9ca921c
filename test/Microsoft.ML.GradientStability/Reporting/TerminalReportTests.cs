namespace Microsoft.ML.GradientStability.Tests.Reporting;

[TestClass]
[DoNotParallelize]
public sealed class TerminalReportTests
{
    private static readonly Finding s_none = null!;

    private sealed class Display : Report.Session
    {
        public int Told { get; private set; }

        public bool Closed { get; private set; }

        public override void Found(TrainingProgress progress, Finding finding) => Told++;

        public override void Dispose() => Closed = true;
    }

    [TestMethod]
    public void One_fit_at_a_time_has_the_terminal()
    {
        Display[] displays = [new(), new(), new()];
        var first = TerminalReport.Open(isTerminal: true, () => displays[0]);
        using (var second = TerminalReport.Open(isTerminal: true, () => displays[1]))
            second.Found(null!, s_none);
        first.Found(null!, s_none);
        first.Dispose();
        using (var third = TerminalReport.Open(isTerminal: true, () => displays[2]))
            third.Found(null!, s_none);
        CollectionAssert.AreEqual(new[] { 1, 0, 1 }, displays.Select(d => d.Told).ToArray());
        CollectionAssert.AreEqual(new[] { true, false, true }, displays.Select(d => d.Closed).ToArray());
    }

    [TestMethod]
    public void Where_there_is_no_terminal_nothing_is_shown()
    {
        var display = new Display();
        using (var session = TerminalReport.Open(isTerminal: false, () => display))
            session.Found(null!, s_none);
        Assert.AreEqual(0, display.Told);
    }

    [TestMethod]
    public void It_is_the_default_of_every_task() =>
        CollectionAssert.AreEqual(new Report[] { Report.Terminal }, new DeepNetworkRegressionTrainer.Options().Reports.ToArray());
}
