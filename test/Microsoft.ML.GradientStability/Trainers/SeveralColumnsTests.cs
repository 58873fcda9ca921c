using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Tests.Networks;
using Microsoft.ML.GradientStability.Tests.Training;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>Feature columns of different kinds in one network: a vector and a single value of numbers, a key, and a vector of keys.</summary>
[TestClass]
public sealed class SeveralColumnsTests
{
    private static readonly MLContext s_ml = new(seed: 1);

    private static readonly IDataView s_raw = s_ml.Data.LoadFromEnumerable(Rows());

    private static readonly ITransformer s_keys = Keys().Fit(s_raw);

    private static readonly IDataView s_data = s_keys.Transform(s_raw);

    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");

    public sealed class Row
    {
        [VectorType(2)]
        public float[] Size { get; set; } = [];

        public float Age { get; set; }

        public string Sort { get; set; } = "";

        [VectorType(2)]
        public string[] Pair { get; set; } = [];

        public bool Yes { get; set; }

        [KeyType(3)]
        public uint Class { get; set; }

        public float Number { get; set; }
    }

    [TestCleanup]
    public void Delete() => File.Delete(_file);

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void Train_are_saved_and_loaded_and_taken_up_again(string task)
    {
        using var model = Fit(task, s_data);
        var scores = EveryTask.Scores(model, s_data);
        Assert.IsTrue(model.SaveAsOnnx(_file, s_data).Holds);
        EveryTask.AreClose(scores, EveryTask.Scores(s_ml.Model.LoadFromOnnx(_file), s_data), 1e-4);
        EveryTask.IsTakenUp(model, s_ml.Model.LoadFromOnnx(_file));
        var loaded = EveryTask.SaveAndLoad(model, s_data.Schema);
        EveryTask.AreClose(scores, EveryTask.Scores(loaded, s_data), 1e-4);
        EveryTask.IsTakenUp(model, loaded);
        using var next = EveryTask.Fit(s_ml, task, s_data, Several, loaded);
        CollectionAssert.AreNotEqual(scores, EveryTask.Scores(next, s_data));
        Assert.AreEqual(model.Model.Network, DeepNetworkOptions.FromJson(model.Model.Options.ToJson()).Network);
        CollectionAssert.AreEqual(model.Model.Parameters.ToArray(), Fit(task, s_data).Model.Parameters.ToArray(), "the same seed");
    }

    [TestMethod]
    public void What_keys_say_is_learnt()
    {
        using var with = Fit(EveryTask.Regression, s_data, o => o.Epochs = 40);
        using var without = Fit(EveryTask.Regression, s_data, o => (o.ExtraFeatureColumns, o.Epochs) = (["Age"], 40));
        Assert.IsGreaterThan(0.9, Judge(with));
        Assert.IsLessThan(0.5, Judge(without));

        static double Judge(ITransformer model) => s_ml.Regression.Evaluate(model.Transform(s_data), "Number").RSquared;
    }

    [TestMethod]
    public void A_prediction_engine_gives_the_scores_of_the_data()
    {
        var model = Keys().Append(Trainer(EveryTask.Regression)).Fit(s_raw);
        var scores = EveryTask.Scores(model, s_raw);
        using var engine = s_ml.Model.CreatePredictionEngine<Row, Scored>(model);
        foreach (var (row, score) in Rows().Zip(scores).Take(5))
            Assert.AreEqual(score, engine.Predict(row).Score, 1e-4);
    }

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void A_whole_pipeline_is_a_file_whose_inputs_are_the_columns(string task)
    {
        var model = Keys().Append(Trainer(task)).Fit(s_raw);
        var report = s_ml.Model.SaveAsOnnx(model, s_raw, _file, new OnnxExportOptions { OutputColumns = ["Score"] });
        CollectionAssert.AreEquivalent(new[] { "Size", "Age", "Sort", "Pair" }, report.Inputs.ToArray());
        Assert.IsNull(report.BatchSize);
        var loaded = s_ml.Model.LoadFromOnnx(_file);
        EveryTask.AreClose(EveryTask.Scores(model, s_raw), EveryTask.Scores(loaded, s_raw), 1e-3);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Importance_speaks_of_the_columns(bool isLoaded)
    {
        var model = Keys().Append(Trainer(EveryTask.Regression)).Fit(s_raw);
        var of = isLoaded ? EveryTask.SaveAndLoad(model, s_raw.Schema) : model;
        var importance = s_ml.Regression.PermutationFeatureImportance(of.GetDeepNetwork(), of.JoinFeatures(s_raw), "Number", permutationCount: 2);
        CollectionAssert.AreEquivalent(new[] { "Size.0", "Size.1", "Age", "Sort", "Pair.0", "Pair.1" }, importance.Keys.ToArray());
        Assert.AreEqual("Sort", importance.MinBy(column => column.Value.RSquared.Mean).Key);
    }

    [TestMethod]
    public void One_feature_column_is_joined_already()
    {
        var data = EveryTask.Load(s_ml, EveryTask.Rows(40));
        using var model = EveryTask.Fit(s_ml, EveryTask.Regression, data);
        Assert.IsNull(model.JoinFeatures(data).Schema.GetColumnOrNull("JoinedFeatures"));
    }

    [TestMethod]
    public void Keys_alone_are_features_too()
    {
        using var model = Fit(EveryTask.Regression, s_data, o => (o.FeatureColumnName, o.ExtraFeatureColumns) = ("Sort", ["Pair"]));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), model.FeatureColumnType);
        var loaded = EveryTask.SaveAndLoad(model, s_data.Schema);
        EveryTask.AreClose(EveryTask.Scores(model, s_data), EveryTask.Scores(loaded, s_data), 1e-4);
        Assert.HasCount(6 * 9, EveryTask.Scores(model, s_data).Distinct().ToArray(), "five sorts, and none, by pairs of three");
    }

    [TestMethod]
    public void Each_embedding_is_a_layer_of_the_diagnostics()
    {
        var reports = new EveryTask.Reports();
        using var model = Fit(EveryTask.Binary, s_data, o => (o.Progress, o.Epochs) = (reports, 1));
        CollectionAssert.AreEqual(new[] { "embedding of Sort (5 × 4)", "embedding of Pair (3 × 3)", "hidden layer 1 of 1 (13→16)", "output layer (16→1)" },
            reports.Seen[0].Layers.Select(layer => layer.Layer).ToArray());
        Assert.IsTrue(reports.Seen[0].Layers.All(layer => layer.Norm > 0));
    }

    [TestMethod]
    public void Streamed_rows_give_the_network_of_cached_ones()
    {
        var raw = s_ml.Data.LoadFromEnumerable(Rows(20_000));
        var data = Keys().Fit(raw).Transform(raw);
        using var cached = Fit(EveryTask.Regression, data, OnePass);
        using var streamed = Fit(EveryTask.Regression, data, o =>
        {
            OnePass(o);
            o.MemoryBudget = 1 << 20;
        });
        CollectionAssert.AreEqual(cached.Model.Parameters.ToArray(), streamed.Model.Parameters.ToArray());

        static void OnePass(SupervisedOptions options) => (options.Shuffle, options.Epochs, options.BatchSize) = (false, 1, 128);
    }

    [TestMethod]
    public void No_tensor_outlives_a_fit()
    {
        using var first = Fit(EveryTask.Regression, s_data, o => o.Epochs = 1);
        var before = LiveTensorsTests.Live();
        using (var module = first.Model.Network.CreateModule(6, 1, Initializer.Default))
            Assert.HasCount(2, module.Layers.Take(module.Doors).ToArray());
        // TorchSharp counts a tensor that became a Parameter for ever; a fit has a flat one too.
        var parameters = LiveTensorsTests.Live() - before + 1;
        before = LiveTensorsTests.Live();
        using var model = Fit(EveryTask.Regression, s_data, o => o.Epochs = 1);
        Assert.AreEqual(before + parameters, LiveTensorsTests.Live());
    }

    private static Row[] Rows(int rows = 200)
    {
        var random = new Random(7);
        string[] sorts = ["a", "b", "c", "d", "e"], pairs = ["x", "y", "z"];
        float[] worth = [-2, 1, 2, -1, 0];
        return [.. Enumerable.Range(0, rows).Select(row =>
        {
            var sort = row < 5 ? row : random.Next(6);
            var (one, other) = (random.Next(3), random.Next(3));
            float[] size = [random.NextSingle(), random.NextSingle()];
            var signal = (sort < 5 ? worth[sort] : 0.5f) + (one == other ? 1 : 0) + 0.3f * size[0];
            return new Row
            {
                Size = size, Age = random.Next(20, 60), Sort = sort < 5 ? sorts[sort] : "", Pair = [pairs[one], pairs[other]],
                Yes = signal > 0.5f, Class = signal < -0.5f ? 0u : signal < 1 ? 1u : 2u, Number = signal,
            };
        })];
    }

    private static IEstimator<ITransformer> Keys() => s_ml.Transforms.Conversion.MapValueToKey([new("Sort"), new("Pair")]);

    private static void Several(SupervisedOptions options) => (options.FeatureColumnName, options.ExtraFeatureColumns) = ("Size", ["Sort", "Age", "Pair"]);

    private static DeepNetworkTransformer Fit(string task, IDataView data, Action<SupervisedOptions>? change = null) => EveryTask.Fit(s_ml, task, data, options =>
    {
        Several(options);
        change?.Invoke(options);
    });

    private static IEstimator<ITransformer> Trainer(string task) => task switch
    {
        EveryTask.Binary => s_ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes", Several)),
        EveryTask.Multiclass => s_ml.MulticlassClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkMulticlassTrainer.Options>("Class", Several)),
        _ => s_ml.Regression.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkRegressionTrainer.Options>("Number", Several)),
    };

    private sealed class Scored
    {
        public float Score { get; set; }
    }
}
