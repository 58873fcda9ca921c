namespace Microsoft.ML.GradientStability.Tests.Reporting.Destinations;

[TestClass]
public sealed class FailingReportTests
{
    [TestMethod]
    public void A_report_that_fails_on_the_way_is_warned_of_once_and_the_fit_goes_on()
    {
        var disk = new FullDisk();
        var warnings = Observed.Fit(disk);
        Assert.AreEqual("No space left on 'disk'. This report ends here; training goes on.", warnings.Single(w => w.Contains("disk")));
        Assert.AreEqual(1, disk.Opened.Told);
        Assert.AreEqual(1, disk.Opened.Disposed);
    }

    [TestMethod]
    public void Others_still_get_everything()
    {
        var path = Path.Combine(Observed.Folder(), "fit.jsonl");
        Observed.Fit(new FullDisk(), Report.JsonLines(path));
        Assert.Contains("\"event\":\"end\"", File.ReadAllText(path));
    }

    [TestMethod]
    public void A_report_that_cannot_be_opened_ends_the_fit_before_its_first_step()
    {
        var opened = new FullDisk();
        var missing = Path.Combine(Observed.Folder(), "missing", "fit.jsonl");
        var error = Assert.ThrowsExactly<IOException>(() => Observed.Fit(opened, Report.JsonLines(missing)));
        Assert.Contains(missing, error.Message);
        Assert.Contains("Choose a place", error.Message);
        Assert.AreEqual(0, opened.Opened.Told);
        Assert.AreEqual(1, opened.Opened.Disposed);

        var file = Path.Combine(Observed.Folder(), "file");
        File.WriteAllText(file, "");
        Assert.Contains(file, Assert.ThrowsExactly<IOException>(() => Observed.Fit(Report.TensorBoard(file))).Message);
    }

    [TestMethod]
    public void A_place_must_have_a_name()
    {
        Assert.AreEqual("Path", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Report.JsonLines(" ")).ParamName);
        Assert.AreEqual("Folder", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Report.TensorBoard("")).ParamName);
    }

    private sealed record FullDisk : Report
    {
        public Full Opened { get; } = new();

        internal override Session Open(TrainingOptions options, TrainingCurves curves) => Opened;

        internal sealed class Full : Session
        {
            public int Told { get; private set; }

            public int Disposed { get; private set; }

            public override void EpochEnded(TrainingProgress progress)
            {
                Told++;
                throw new IOException("No space left on 'disk'.");
            }

            public override void Dispose() => Disposed++;
        }
    }
}
