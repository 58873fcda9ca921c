namespace Microsoft.ML.GradientStability.Tests.Docs;

[TestClass]
[DoNotParallelize]
public sealed class PageTests
{
    [TestMethod]
    [DataRow("README.md", "ReadmeSample.cs")]
    [DataRow("training.md", "TrainingSample.cs")]
    [DataRow("stabilization.md", "StabilizationSample.cs")]
    [DataRow("sequences-and-images.md", "SequencesSample.cs")]
    public void The_code_in_a_page_is_the_code_that_compiles(string page, string file)
    {
        var source = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Docs", file));
        var sample = source.SkipWhile(l => !l.Contains("// <sample>")).Skip(1).TakeWhile(l => !l.Contains("// </sample>"))
            .Select(l => l.Length >= 8 ? l[8..] : l);
        var shown = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Docs", page)).SkipWhile(l => l != "```csharp").Skip(1).TakeWhile(l => l != "```");
        Assert.AreEqual(string.Join('\n', sample), string.Join('\n', shown));
    }

    [TestMethod]
    public void The_code_runs()
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
            StabilizationSample.Run(ml, new DeepNetworkMulticlassTrainer.Options { Clipping = GradientClipper.None });

            var sentences = Networks.ShapedRows.Sentences();
            Assert.IsGreaterThan(0.9, ml.BinaryClassification.Evaluate(SequencesSample.Run(ml, sentences).Transform(sentences)).Accuracy);

            var options = Samples.Small();
            TrainingSample.Run(ml.MulticlassClassification.Trainers.DeepNetwork(options), options, Samples.KeyedClusters(ml));
            Assert.AreNotEqual(0.001, options.Optimizer.LearningRate);
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
    }
}
