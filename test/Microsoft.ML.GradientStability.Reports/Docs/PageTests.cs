namespace Microsoft.ML.GradientStability.Tests.Reports.Docs;

[TestClass]
[DoNotParallelize]
public sealed class PageTests
{
    [TestMethod]
    public void The_code_in_the_page_is_the_code_that_compiles()
    {
        var source = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Docs", "ReportsSample.cs"));
        var sample = source.SkipWhile(l => !l.Contains("// <sample>")).Skip(1).TakeWhile(l => !l.Contains("// </sample>")).Select(l => l.Length >= 8 ? l[8..] : l);
        var shown = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Docs", "reports.md")).SkipWhile(l => l != "```csharp").Skip(1).TakeWhile(l => l != "```");
        Assert.AreEqual(string.Join('\n', sample), string.Join('\n', shown));
    }

    [TestMethod]
    public void The_code_runs()
    {
        var ml = new MLContext(seed: 1);
        var folder = Directory.CreateTempSubdirectory("reports-").FullName;
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder;
            ReportsSample.Run(ml, Fits.Healthy(), Fits.Clusters(ml));
            CollectionAssert.AreEqual(new[] { "again.html", "fit.jsonl", "report.html", "runs" },
                Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
    }
}
