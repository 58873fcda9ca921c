using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>ONNX Runtime 1.31 judges a model by the ending of its file, and ML.NET 5.0.1 names files at random.</summary>
[TestClass]
public sealed class RandomEndingTests
{
    [TestMethod]
    public void A_model_in_a_file_that_ends_in_ort_fails_and_loads_under_another_name()
    {
        var ml = new MLContext(seed: 1);
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(Samples.KeyedClusters(ml));
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var names = new Queue<string>(["a.ort", "b.abc"]);
            using var session = RandomEnding.Retry(() => Open(names.Dequeue()));
            Assert.IsEmpty(names, "A file that ends in .ort is loaded as it is: RandomEnding.cs can go.");
            Assert.Contains("Score", session.OutputNames);

            InferenceSession Open(string name)
            {
                var path = Path.Combine(folder.FullName, name);
                File.WriteAllBytes(path, model.Onnx.ToArray());
                return new InferenceSession(path);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Another_error_is_not_tried_again()
    {
        var calls = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => RandomEnding.Retry<int>(() => throw new InvalidOperationException($"call {++calls}")));
        Assert.AreEqual(1, calls);
    }
}
