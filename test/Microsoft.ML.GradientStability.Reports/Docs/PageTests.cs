namespace Microsoft.ML.GradientStability.Tests.Reports.Docs;

[TestClass]
[DoNotParallelize]
public sealed class PageTests
{
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
