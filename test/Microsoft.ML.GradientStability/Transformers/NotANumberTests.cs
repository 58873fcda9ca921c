using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Tests.Transformers;

/// <summary>A row with a feature that is NaN or infinite is scored as what it is: not a number, of no class.</summary>
[TestClass]
public sealed class NotANumberTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>What bounds, saturates or divides could hide such a value.</summary>
    private static readonly FeedForwardNetwork[] s_networks =
    [
        Network.FeedForward(8) with { Normalization = Normalization.None, Activation = Activation.Relu },
        Network.FeedForward(8, 8) with { Normalization = Normalization.Batch, Activation = Activation.HardTanh() },
        Network.FeedForward(8, 8) with { Normalization = Normalization.Layer, Activation = Activation.Sigmoid, Residual = Residual.Identity },
    ];

    public static IEnumerable<object[]> Cases() =>
        from task in new[] { EveryTask.Binary, EveryTask.Multiclass, EveryTask.Regression }
        from network in Enumerable.Range(0, s_networks.Length)
        from standardized in new[] { true, false }
        select new object[] { task, network, standardized };

    /// <summary>The first, the last and a middle row are whole; those between hold such a value, each in another slot.</summary>
    private static readonly float[][] s_rows =
    [
        [0.1f, 0.2f, 0.3f], [float.NaN, 0, 0], [0, float.PositiveInfinity, 0], [0.1f, 0.2f, 0.3f], [0, 0, float.NegativeInfinity],
        [float.NegativeInfinity, float.PositiveInfinity, float.NaN], [0.1f, 0.2f, 0.3f],
    ];

    private static readonly bool[] s_whole = [true, false, false, true, false, false, true];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Such_a_row_scores_NaN_and_has_no_class(string task, int network, bool standardized)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = EveryTask.Fit(_ml, task, data, o => (o.Network, o.StandardizeFeatures, o.Epochs) = (s_networks[network], standardized, 2));
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        try
        {
            var rows = EveryTask.Load(_ml, s_rows.Select(features => new EveryTask.Row { Features = features }));
            foreach (var (how, scored) in new[] { ("fitted", model.Transform(rows)), ("loaded", loaded.Transform(rows)) })
                Check(task, scored, how);
            OneByOne(task, model, "fitted");
            OneByOne(task, loaded, "loaded");
            Alone(model.Onnx.ToArray(), task);
        }
        finally
        {
            (loaded as IDisposable)?.Dispose();
        }
    }

    /// <summary>Numbers so great that the network computes no number of them.</summary>
    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void A_row_whose_scores_overflow_has_no_class_either(string task)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = EveryTask.Fit(_ml, task, data, o => (o.Network, o.StandardizeFeatures, o.Epochs) = (Network.FeedForward(16, 16) with { Normalization = Normalization.Layer }, false, 2));
        var rows = EveryTask.Load(_ml, [new EveryTask.Row { Features = [3e38f, -3e38f, 3e38f] }]);
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        using var disposed = (IDisposable)loaded;
        foreach (var scored in new[] { model.Transform(rows), loaded.Transform(rows) })
        {
            Assert.IsTrue(EveryTask.Scores(new NoTransformer(), scored).All(float.IsNaN));
            if (task == EveryTask.Multiclass)
                Assert.AreEqual(0u, scored.GetColumn<uint>("PredictedLabel").Single());
        }
    }

    private void Check(string task, IDataView scored, string how)
    {
        var width = task == EveryTask.Multiclass ? 3 : 1;
        var scores = EveryTask.Scores(new NoTransformer(), scored).Chunk(width).ToArray();
        for (var row = 0; row < s_rows.Length; row++)
            Assert.IsTrue(scores[row].All(s => float.IsNaN(s) != s_whole[row]), $"{how}, row {row}: {string.Join(' ', scores[row])}");
        if (task == EveryTask.Multiclass)
            CollectionAssert.AreEqual(s_whole, scored.GetColumn<uint>("PredictedLabel").Select(key => key > 0).ToArray(), how);
        if (task == EveryTask.Binary)
        {
            CollectionAssert.AreEqual(s_whole, scored.GetColumn<float>("Probability").Select(p => !float.IsNaN(p)).ToArray(), how);
            Assert.IsFalse(scored.GetColumn<bool>("PredictedLabel").Where((_, row) => !s_whole[row]).Any(yes => yes), how);
        }
    }

    private sealed class NoTransformer : ITransformer
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }

    private sealed class OfClasses
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class OfOne
    {
        public float Score { get; set; }
    }

    private void OneByOne(string task, ITransformer model, string how)
    {
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        if (task == EveryTask.Multiclass)
        {
            using var engine = _ml.Model.CreatePredictionEngine<EveryTask.Row, OfClasses>(model, options);
            for (var row = 0; row < s_rows.Length; row++)
            {
                var one = engine.Predict(new EveryTask.Row { Features = s_rows[row] });
                Assert.IsTrue(one.Score.All(s => float.IsNaN(s) != s_whole[row]), $"{how}, row {row}");
                Assert.AreEqual(s_whole[row], one.PredictedLabel > 0, $"{how}, row {row}");
            }
            return;
        }
        using var single = _ml.Model.CreatePredictionEngine<EveryTask.Row, OfOne>(model, options);
        for (var row = 0; row < s_rows.Length; row++)
            Assert.AreEqual(!s_whole[row], float.IsNaN(single.Predict(new EveryTask.Row { Features = s_rows[row] }).Score), $"{how}, row {row}");
    }

    private static void Alone(byte[] onnx, string task)
    {
        using var session = new InferenceSession(onnx);
        using var input = OrtValue.CreateTensorValueFromMemory(s_rows.SelectMany(r => r).ToArray(), [s_rows.Length, 3]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, ["Features"], [input], [.. session.OutputMetadata.Keys]);
        foreach (var ((name, type), values) in session.OutputMetadata.Zip(outputs))
            for (var row = 0; row < s_rows.Length; row++)
                if (type.ElementType == typeof(long))
                    Assert.AreEqual(s_whole[row], values.GetTensorDataAsSpan<long>()[row] >= 0, $"{task}, {name}, row {row}");
                else
                    Assert.AreEqual(!s_whole[row], float.IsNaN(values.GetTensorDataAsSpan<float>()[row * type.Dimensions[1]]), $"{task}, {name}, row {row}");
    }

    private sealed class Embedded
    {
        public float[] Embedding { get; set; } = [];

        public float ReconstructionError { get; set; }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Such_a_row_has_no_embedding_either(bool standardized)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = _ml.Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options
        {
            Network = s_networks[0], EmbeddingSize = 2, Epochs = 2, StandardizeFeatures = standardized,
        }).Fit(data);
        var rows = EveryTask.Load(_ml, s_rows.Select(features => new EveryTask.Row { Features = features }));
        foreach (var transformer in new[] { model, EveryTask.SaveAndLoad(model, data.Schema) })
        {
            var scored = _ml.Data.CreateEnumerable<Embedded>(transformer.Transform(rows), reuseRowObject: false).ToArray();
            for (var row = 0; row < s_rows.Length; row++)
            {
                Assert.AreEqual(!s_whole[row], float.IsNaN(scored[row].ReconstructionError), $"row {row}");
                Assert.IsTrue(scored[row].Embedding.All(x => float.IsNaN(x) != s_whole[row]), $"row {row}");
            }
        }
        Alone(model.Onnx.ToArray(), "autoencoder");
    }

    private sealed class Labelled<T>
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public T Label { get; set; } = default!;
    }

    /// <summary>A saved model makes the key of its name, so what stands for no class must be no name.</summary>
    [TestMethod]
    public void Names_of_every_type_stay_apart_from_no_class()
    {
        NoClass(["", "b", "c"]);
        NoClass([0f, 1f, -1f]);
        NoClass([0.0, 1.0, 2.0]);
        NoClass([0, 1, 2]);
        NoClass([0L, 1L, 2L]);
        NoClass<sbyte>([0, 1, 2]);
        NoClass<byte>([0, 1, 255]);
        NoClass<short>([0, 1, 2]);
        NoClass<ushort>([0, 1, 2]);
        NoClass([0u, 1u, 2u]);
        NoClass([0ul, 1ul, 2ul]);
        NoClass([new DateTime(0), new DateTime(1), new DateTime(2)]);
    }

    private void NoClass<T>(T[] names)
    {
        var rows = _ml.Data.LoadFromEnumerable(EveryTask.Rows().Select((row, i) => new Labelled<T> { Features = row.Features, Label = names[i % 3] })
            .Where(row => row.Label is not ""));
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.DeepNetwork(
            new DeepNetworkMulticlassTrainer.Options { Network = s_networks[0], Epochs = 1, Stability = StabilityPolicy.Warn })).Fit(rows);
        var scored = _ml.Data.LoadFromEnumerable(s_rows.Select(features => new Labelled<T> { Features = features, Label = names[1] }));
        var expected = model.Transform(scored).GetColumn<uint>("PredictedLabel").ToArray();
        CollectionAssert.AreEqual(s_whole, expected.Select(key => key > 0).ToArray(), typeof(T).Name);
        var loaded = EveryTask.SaveAndLoad(model, rows.Schema);
        CollectionAssert.AreEqual(expected, loaded.Transform(scored).GetColumn<uint>("PredictedLabel").ToArray(), typeof(T).Name);
    }

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void Export_compares_the_other_rows_and_holds_the_file_to_NaN(string task)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = EveryTask.Fit(_ml, task, data, o => o.Epochs = 2);
        var folder = Directory.CreateTempSubdirectory("not-a-number").FullName;
        try
        {
            var rows = EveryTask.Load(_ml, s_rows.Select(features => new EveryTask.Row { Features = features }));
            var parity = model.SaveAsOnnx(Path.Combine(folder, "model.onnx"), rows);
            Assert.AreEqual(s_rows.Length, parity.Rows);
            Assert.IsTrue(parity.Holds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
