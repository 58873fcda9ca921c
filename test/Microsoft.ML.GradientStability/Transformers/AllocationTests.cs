using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Transformers;

/// <summary>Hot paths work in buffers that were made once.</summary>
[TestClass]
[DoNotParallelize]
public sealed class AllocationTests
{
    [TestMethod]
    public void Scoring_a_row_allocates_nothing()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20_000).Select(_ => s_row));
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(Samples.KeyedClusters(ml));
        var view = model.Transform(data);
        var (label, score, text) = (view.Schema["PredictedLabel"], view.Schema["Score"], view.Schema["Label"]);
        using var cursor = view.GetRowCursor([label, score, text]);
        var (readLabel, readScore, readText) =
            (cursor.GetGetter<uint>(label), cursor.GetGetter<VBuffer<float>>(score), cursor.GetGetter<ReadOnlyMemory<char>>(text));
        var (key, scores, name) = (0u, default(VBuffer<float>), default(ReadOnlyMemory<char>));
        Read(1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(15_000);
        // What ONNX Runtime's managed side needs for a call, a call every 128 rows, is all there may be.
        Assert.IsLessThan(4.0, (GC.GetAllocatedBytesForCurrentThread() - before) / 15_000.0, "bytes a row");

        void Read(int rows)
        {
            for (var i = 0; i < rows; i++)
            {
                Assert.IsTrue(cursor.MoveNext());
                readLabel(ref key);
                readScore(ref scores);
                readText(ref name);
            }
        }
    }

    [TestMethod]
    public void Observing_a_step_allocates_nothing()
    {
        using var module = Network.FeedForward(16, 16, 16).CreateModule(8, 3, Initializer.HeUniform);
        using var parameters = new FlatParameters(module);
        var observation = new StepObservation(parameters.Layers.Length);
        observation.Read(1, 1, 0.5, parameters);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 2; step < 1000; step++)
            observation.Read(1, step, 0.5, parameters);
        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static readonly Samples.Row s_row = new() { Features = [0.5f, -0.5f], Label = "red" };
}
