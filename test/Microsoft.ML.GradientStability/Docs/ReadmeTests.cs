namespace Microsoft.ML.GradientStability.Tests.Docs;

[TestClass]
[DoNotParallelize]
public sealed class ReadmeTests
{
    [TestMethod]
    public void The_code_in_the_readme_is_the_code_that_compiles()
    {
        var source = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Docs", "ReadmeSample.cs"));
        var sample = source.SkipWhile(l => !l.Contains("// <sample>")).Skip(1).TakeWhile(l => !l.Contains("// </sample>"))
            .Select(l => l.Length >= 8 ? l[8..] : l);
        var readme = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "README.md"));
        var shown = readme.SkipWhile(l => l != "```csharp").Skip(1).TakeWhile(l => l != "```");
        Assert.AreEqual(string.Join('\n', sample), string.Join('\n', shown));
    }

    [TestMethod]
    public void The_code_in_the_readme_runs()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Samples.Clusters());
        var folder = Directory.CreateTempSubdirectory("readme").FullName;
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder;
            ReadmeSample.Run(ml, data, data);
            CollectionAssert.AreEqual(new[] { "model.onnx", "model.zip" }, Directory.GetFiles(folder).Select(Path.GetFileName).Order().ToArray());
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
    }
}
