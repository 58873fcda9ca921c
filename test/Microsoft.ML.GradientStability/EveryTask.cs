using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests;

/// <summary>The same small data for all three tasks, and quick fits of each.</summary>
internal static class EveryTask
{
    public const string Binary = "binary", Multiclass = "multiclass", Regression = "regression";

    public static IEnumerable<object[]> All() => [[Binary], [Multiclass], [Regression]];

    /// <summary>Labels hang on the first two features, most on the first; the third is noise.</summary>
    public sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public bool Yes { get; set; }

        /// <summary>A row object counts keys from 0.</summary>
        [KeyType(3)]
        public uint Class { get; set; }

        public float Number { get; set; }

        public float Weight { get; set; } = 1;
    }

    public static Row[] Rows(int rows = 200, int seed = 5)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            float[] x = [Draw(), Draw(), Draw()];
            var signal = 3 * x[0] + x[1] * x[1];
            return new Row
            {
                Features = x,
                Yes = signal > 0.3f,
                Class = signal < -0.8f ? 0u : signal < 1.2f ? 1u : 2u,
                Number = 20 + 4 * signal,
                Weight = 0.5f + (float)random.NextDouble(),
            };
        })];

        float Draw() => (float)(2 * random.NextDouble() - 1);
    }

    public static IDataView Load(MLContext ml, IEnumerable<Row> rows) => ml.Data.LoadFromEnumerable(rows);

    /// <summary>The shape of such rows, which ML.NET derives for its own estimators only.</summary>
    public static SchemaShape ShapeOf<T>() where T : class, new() =>
        new MLContext().Transforms.CustomMapping<NoColumns, T>((_, _) => { }, contractName: null).GetOutputSchema(new SchemaShape([]));

    private sealed class NoColumns;

    public static string LabelOf(string task) => task switch
    {
        Binary => nameof(Row.Yes),
        Multiclass => nameof(Row.Class),
        _ => nameof(Row.Number),
    };

    public static T Options<T>(string label, Action<T>? change = null) where T : SupervisedOptions, new()
    {
        var options = new T
        {
            LabelColumnName = label,
            Network = Network.FeedForward(16),
            Optimizer = Optimizer.Adam(0.01),
            Schedule = LearningRateSchedule.Constant,
            Epochs = 20,
            BatchSize = 16,
            Seed = 3,
        };
        change?.Invoke(options);
        return options;
    }

    public static DeepNetworkTransformer Fit(MLContext ml, string task, IDataView data, Action<SupervisedOptions>? change = null, ITransformer? previous = null) => task switch
    {
        Binary => ml.BinaryClassification.Trainers.DeepNetwork(Options<DeepNetworkBinaryTrainer.Options>(LabelOf(task), change)).Fit(data, previous),
        Multiclass => ml.MulticlassClassification.Trainers.DeepNetwork(Options<DeepNetworkMulticlassTrainer.Options>(LabelOf(task), change)).Fit(data, previous),
        _ => ml.Regression.Trainers.DeepNetwork(Options<DeepNetworkRegressionTrainer.Options>(LabelOf(task), change)).Fit(data, previous),
    };

    /// <summary>All scores of all rows, one after the other.</summary>
    public static float[] Scores(ITransformer model, IDataView data)
    {
        var scored = model.Transform(data);
        return scored.Schema["Score"].Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>("Score").SelectMany(s => s)]
            : [.. scored.GetColumn<float>("Score")];
    }

    public static void AreClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance, $"score {i}");
    }

    public static ITransformer SaveAndLoad(ITransformer model, DataViewSchema schema)
    {
        using var file = new MemoryStream();
        new MLContext().Model.Save(model, schema, file);
        return Load(file.ToArray(), out _);
    }

    /// <summary>As ML.NET loads it.</summary>
    public static ITransformer Load(byte[] zip, out DataViewSchema schema)
    {
        var loaded = default(DataViewSchema);
        var model = RandomEnding.Retry(() => new MLContext().Model.Load(new MemoryStream(zip), out loaded));
        schema = loaded!;
        return model;
    }

    /// <summary>Asserts that training from a saved model starts at every single number of the fitted one.</summary>
    public static void IsTakenUp(DeepNetworkTransformer fitted, ITransformer saved)
    {
        using var module = fitted.Model.CreateModule(fitted.Objective);
        using var taken = fitted.Model.CreateModule(fitted.Objective);
        foreach (var values in All(taken))
            values.Fill(float.NaN);
        PreviousNetwork.Find(saved, fitted.Objective).CopyTo(taken, fitted.Objective);
        foreach (var (expected, actual) in All(module).Zip(All(taken)))
            CollectionAssert.AreEqual(expected.ToArray(), actual.ToArray());

        static IEnumerable<Numbers> All(NetworkModule module) =>
            module.named_parameters().Select(p => new Numbers(p.parameter)).Concat(module.ScoringBuffers().Select(b => new Numbers(b.Values)));
    }

    private sealed record Numbers(TorchSharp.torch.Tensor Tensor)
    {
        public void Fill(float value) => MemoryMarshal.Cast<byte, float>(Tensor.bytes).Fill(value);

        public float[] ToArray() => MemoryMarshal.Cast<byte, float>(Tensor.bytes).ToArray();
    }

    /// <summary>Calls an action on every report, on the training thread.</summary>
    public sealed class Reports(Action<TrainingProgress>? action = null) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];

        public void Report(TrainingProgress value)
        {
            Seen.Add(value);
            action?.Invoke(value);
        }
    }
}
