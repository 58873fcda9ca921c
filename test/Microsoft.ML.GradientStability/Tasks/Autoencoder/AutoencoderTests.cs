using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Tasks.Autoencoder;

[TestClass]
public sealed class AutoencoderTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Row
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Squeezed
    {
        public float[] Code { get; set; } = [];

        public float Lost { get; set; }
    }

    /// <summary>Six features that two hidden numbers decide, in a scale of their own.</summary>
    private IDataView Plane(int rows = 300, int seed = 3)
    {
        var random = new Random(seed);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(_ =>
        {
            var (a, b) = ((float)random.NextDouble() - 0.5f, (float)random.NextDouble() - 0.5f);
            return new Row { Features = [a, b, a + b, a - b, 100 * a, 2 - b] };
        }).ToArray());
    }

    private DeepAutoencoderEstimator.Options Options(int size = 2) => new()
    {
        Network = Network.FeedForward(16),
        EmbeddingSize = size,
        OutputColumnName = "Code",
        ErrorColumnName = "Lost",
        Optimizer = Optimizer.Adam(0.005),
        Schedule = LearningRateSchedule.Cosine,
        BatchSize = 16,
        Epochs = 60,
        Seed = 1,
    };

    [TestMethod]
    public void Two_numbers_are_enough_for_a_plane_and_one_is_not()
    {
        using var two = _ml.Transforms.DeepAutoencoder(Options(2)).Fit(Plane());
        using var one = _ml.Transforms.DeepAutoencoder(Options(1)).Fit(Plane());
        var fresh = Plane(seed: 4);
        var (enough, narrow) = (two.Transform(fresh).GetColumn<float>("Lost").Average(), one.Transform(fresh).GetColumn<float>("Lost").Average());
        Assert.IsLessThan(0.05, enough);
        Assert.IsGreaterThan(3 * enough, narrow);
    }

    [TestMethod]
    public void The_error_is_the_mean_square_over_standardized_features()
    {
        // An embedding that the decoder cannot use: with weights of 0 everywhere the output is 0, and the error the mean of z².
        var objective = new AutoencoderObjective(new AutoencoderColumns("Code", "Lost", 2), 3);
        using var module = objective.CreateModule(Network.FeedForward(4), 3, Initializer.HeUniform);
        module.ScaleInput([1, 2, 3], [2, 1, 0.5f], [0, 0, 0]);
        using (var parameters = new FlatParameters(module))
            parameters.CopyFrom(new float[parameters.ToArray().Length]);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var error = objective.Scores(module, TorchSharp.torch.tensor(new float[] { 2, 5, -1 }, [1, 3])).Last();
        Assert.AreEqual("Lost", error.Output);
        Assert.AreEqual((4 + 9 + 4) / 3f, error.Values.item<float>(), 1e-6);
    }

    [TestMethod]
    public void Columns_have_their_names_types_and_shapes()
    {
        var estimator = _ml.Transforms.DeepAutoencoder(Options());
        using var model = estimator.Fit(Plane());
        var schema = model.Transform(Plane()).Schema;
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), schema["Code"].Type);
        Assert.AreEqual(NumberDataViewType.Single, schema["Lost"].Type);

        var shape = _ml.Transforms.CustomMapping<NoColumns, Row>((_, _) => { }, contractName: null).GetOutputSchema(new SchemaShape([]));
        var added = estimator.GetOutputSchema(shape).ToDictionary(c => c.Name);
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, added["Code"].Kind);
        Assert.AreEqual(SchemaShape.Column.VectorKind.Scalar, added["Lost"].Kind);
        Assert.AreEqual(NumberDataViewType.Single, added["Lost"].ItemType);
    }

    private sealed class NoColumns;

    [TestMethod]
    public void An_embedding_feeds_another_trainer_of_the_pipeline()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.DeepAutoencoder(embeddingSize: 2))
            .Append(_ml.MulticlassClassification.Trainers.DeepNetwork(featureColumnName: "Embedding"));
        var data = _ml.Data.LoadFromEnumerable(Samples.Clusters());
        var model = pipeline.Fit(data);
        Assert.IsGreaterThan(0.95, _ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }

    [TestMethod]
    public void Saved_and_loaded_it_says_the_same_and_leaves_no_column_behind()
    {
        using var model = _ml.Transforms.DeepAutoencoder(Options()).Fit(Plane());
        var data = Plane(rows: 20, seed: 5);
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        CollectionAssert.AreEqual(new[] { "Code", "Features", "Lost" },
            loaded.GetOutputSchema(data.Schema).Where(c => !c.IsHidden).Select(c => c.Name).Order().ToArray());
        foreach (var (a, b) in Read(model.Transform(data)).Zip(Read(loaded.Transform(data))))
        {
            Assert.AreEqual(a.Lost, b.Lost, 1e-6);
            for (var i = 0; i < 2; i++)
                Assert.AreEqual(a.Code[i], b.Code[i], 1e-5);
        }

        IEnumerable<Squeezed> Read(IDataView view) => _ml.Data.CreateEnumerable<Squeezed>(view, reuseRowObject: false);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Exported_it_scores_in_ONNX_Runtime_as_in_LibTorch(bool residual)
    {
        var options = Options();
        options.Network = Network.FeedForward(16, 16, 8) with { Residual = residual ? Residual.Identity : null };
        using var model = _ml.Transforms.DeepAutoencoder(options).Fit(Plane());
        var folder = Directory.CreateTempSubdirectory("autoencoder").FullName;
        try
        {
            Assert.IsTrue(model.SaveAsOnnx(Path.Combine(folder, "model.onnx"), Plane(seed: 6)).Holds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Training_goes_on_where_it_ended()
    {
        var options = Options();
        options.Epochs = 20;
        using var first = _ml.Transforms.DeepAutoencoder(options).Fit(Plane());
        options.Epochs = 1;
        using var second = _ml.Transforms.DeepAutoencoder(options).Fit(Plane(), first);
        using var anew = _ml.Transforms.DeepAutoencoder(options).Fit(Plane());
        Assert.IsLessThan(1.5 * first.Model.Summary.Loss, second.Model.Summary.Loss);
        Assert.IsGreaterThan(3 * second.Model.Summary.Loss, anew.Model.Summary.Loss);
    }

    /// <summary>A pipeline of two networks holds two; each trainer goes on from its own.</summary>
    [TestMethod]
    public void Each_trainer_finds_its_own_network_in_a_pipeline()
    {
        var data = _ml.Data.LoadFromEnumerable(Samples.Clusters());
        var embed = _ml.Transforms.DeepAutoencoder(embeddingSize: 2);
        var classify = _ml.MulticlassClassification.Trainers.DeepNetwork(
            new DeepNetworkMulticlassTrainer.Options { FeatureColumnName = "Embedding", Epochs = 1, LabelSmoothing = 0 });
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(embed)
            .Append(_ml.MulticlassClassification.Trainers.DeepNetwork(featureColumnName: "Embedding")).Fit(data);
        using var more = classify.Fit(model.Transform(data), model);
        using var anew = classify.Fit(model.Transform(data));
        Assert.IsLessThan(anew.Model.Summary.Loss / 2, more.Model.Summary.Loss);
    }

    [TestMethod]
    public void Streamed_it_is_the_same_model()
    {
        var options = Options();
        (options.Shuffle, options.Epochs) = (false, 2);
        var rows = Plane(rows: 30_000);
        using var cached = _ml.Transforms.DeepAutoencoder(options).Fit(rows);
        options.MemoryBudget = 1 << 20;
        using var streamed = _ml.Transforms.DeepAutoencoder(options).Fit(rows);
        CollectionAssert.AreEqual(cached.Onnx.ToArray(), streamed.Onnx.ToArray());
    }
}
