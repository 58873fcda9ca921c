namespace Microsoft.ML.GradientStability.Tests.Transformers;

/// <summary>Columns may be called as anything inside the network is.</summary>
[TestClass]
public sealed class ColumnNameTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static IEnumerable<object[]> Names() =>
        from name in new[]
        {
            "input.mean", "hidden1.linear.weight", "target.mean", "error.share", "error", "ReconstructionError.Vector", "features.finite", "output0",
            "network/input.mean", "network/", "PredictedLabel.Index",
        }
        select new object[] { name };

    private static void OneEpoch(DeepNetworkOptions options, string name) =>
        (options.FeatureColumnName, options.Epochs, options.Seed) = (name, 1, 3);

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_feature_column_of_that_name_trains_scores_and_loads(string name)
    {
        var rows = EveryTask.Load(_ml, EveryTask.Rows(60));
        var data = _ml.Transforms.CopyColumns(name, "Features").Fit(rows).Transform(rows);
        foreach (var task in new[] { EveryTask.Binary, EveryTask.Multiclass, EveryTask.Regression })
        {
            using var model = EveryTask.Fit(_ml, task, data, o => OneEpoch(o, name));
            using var loaded = (IDisposable)EveryTask.SaveAndLoad(model, data.Schema);
            EveryTask.AreClose(EveryTask.Scores(model, data), EveryTask.Scores((ITransformer)loaded, data), 1e-5);
            using var next = EveryTask.Fit(_ml, task, data, o => OneEpoch(o, name), (ITransformer)loaded);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void An_embedding_or_error_of_that_name_too(string name)
    {
        var rows = EveryTask.Load(_ml, EveryTask.Rows(60));
        var data = _ml.Transforms.CopyColumns(name, "Features").Fit(rows).Transform(rows);
        foreach (var (features, embedding, error) in new[] { (name, "Code", "Lost"), ("Features", name, "Lost"), ("Features", "Code", name) })
        {
            var options = new DeepAutoencoderEstimator.Options { Network = Network.FeedForward(8), EmbeddingSize = 2, OutputColumnName = embedding, ErrorColumnName = error };
            OneEpoch(options, features);
            using var model = _ml.Transforms.DeepAutoencoder(options).Fit(data);
            using var loaded = (IDisposable)EveryTask.SaveAndLoad(model, data.Schema);
            foreach (var column in new[] { embedding, error })
                EveryTask.AreClose(Values(model, column), Values((ITransformer)loaded, column), 1e-5);
            CollectionAssert.IsSubsetOf(model.GetOutputSchema(data.Schema).Select(c => c.Name).ToArray(),
                ((ITransformer)loaded).GetOutputSchema(data.Schema).Select(c => c.Name).ToArray());
            using var next = _ml.Transforms.DeepAutoencoder(options).Fit(data, (ITransformer)loaded);
        }

        float[] Values(ITransformer transformer, string column)
        {
            var scored = transformer.Transform(data);
            return scored.Schema[column].Type is Microsoft.ML.Data.VectorDataViewType
                ? [.. Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<float[]>(scored, column).SelectMany(x => x)]
                : [.. Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<float>(scored, column)];
        }
    }

    /// <summary>Columns that only pass by, among them what a saved model once called its temporary ones.</summary>
    [TestMethod]
    public void Columns_that_pass_by_are_there_after_loading()
    {
        string[] passing = ["PredictedLabel.Index", "PredictedLabel.Name", "ReconstructionError.Scalar", "input.mean"];
        var data = EveryTask.Load(_ml, EveryTask.Rows(60));
        foreach (var name in passing)
            data = _ml.Transforms.CopyColumns(name, "Number").Fit(data).Transform(data);
        foreach (var task in new[] { EveryTask.Binary, EveryTask.Multiclass, EveryTask.Regression })
        {
            using var model = EveryTask.Fit(_ml, task, data, o => OneEpoch(o, "Features"));
            using var loaded = (IDisposable)EveryTask.SaveAndLoad(model, data.Schema);
            Stay((ITransformer)loaded);
        }
        using var autoencoder = _ml.Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options { Network = Network.FeedForward(8), Epochs = 1 }).Fit(data);
        using var saved = (IDisposable)EveryTask.SaveAndLoad(autoencoder, data.Schema);
        Stay((ITransformer)saved);

        void Stay(ITransformer model)
        {
            var schema = model.GetOutputSchema(data.Schema);
            foreach (var name in passing)
                Assert.IsNotNull(schema.GetColumnOrNull(name), name);
            Assert.IsFalse(schema.Any(c => !c.IsHidden && c.Name.StartsWith(ScoreColumns.Own, StringComparison.Ordinal)));
        }
    }

    /// <summary>An output cannot have the name of the input; told before training.</summary>
    [TestMethod]
    public void A_feature_column_called_as_a_score_is_refused_at_once()
    {
        Assert.AreEqual("FeatureColumnName", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.BinaryClassification.Trainers.DeepNetwork(featureColumnName: "Probability")).ParamName);
        Assert.AreEqual("FeatureColumnName", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.DeepAutoencoder(featureColumnName: "ReconstructionError")).ParamName);
    }
}
