using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Transformers;

/// <summary>ML.NET's permutation feature importance, of our models in every form and of its own trainers in the same.</summary>
[TestClass]
public sealed class FeatureImportanceTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly string[] s_names = ["Most", "Less", "Noise"];

    public enum Form { Transformer, Pipeline, Loaded, OwnPipeline, OwnLoaded }

    public static IEnumerable<object[]> Forms() => from task in EveryTask.All() from form in Enum.GetValues<Form>() select new[] { task[0], form };

    private sealed class Row
    {
        public float Most { get; set; }

        public float Less { get; set; }

        public float Noise { get; set; }

        public bool Yes { get; set; }

        [KeyType(3)]
        public uint Class { get; set; }

        public float Number { get; set; }
    }

    private static readonly IDataView s_data = s_ml.Data.LoadFromEnumerable(EveryTask.Rows(300).Select(r => new Row
    {
        Most = r.Features[0], Less = r.Features[1], Noise = r.Features[2], Yes = r.Yes, Class = r.Class, Number = r.Number,
    }).ToArray());

    /// <summary>A slot is named by the user's column, and the one that tells most matters most.</summary>
    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Features_have_the_names_of_their_columns_and_their_rank(string task, Form form)
    {
        var pipeline = s_ml.Transforms.Concatenate("Features", s_names)
            .Append(form is Form.OwnPipeline or Form.OwnLoaded ? Own(task) : Ours(task)).Fit(s_data);
        var transformed = pipeline.Transform(s_data);
        ITransformer model = form switch
        {
            Form.Transformer => ((IEnumerable<ITransformer>)pipeline).Last(),
            Form.Pipeline or Form.OwnPipeline => pipeline,
            Form.Loaded => EveryTask.SaveAndLoad(pipeline, s_data.Schema).GetDeepNetwork(),
            _ => EveryTask.SaveAndLoad(pipeline, s_data.Schema),
        };
        var losses = Importance(task, model, transformed);
        CollectionAssert.AreEquivalent(s_names, losses.Keys.ToArray());
        Assert.AreEqual(losses.Values.Max(), losses["Most"], task);
        Assert.IsGreaterThan(0.1, losses["Most"]);
        Assert.IsLessThan(0.05, losses["Noise"]);
    }

    /// <summary>A fitted network and the one that is loaded from its file are one and the same to it.</summary>
    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void A_loaded_network_gives_the_numbers_of_the_fitted_one(string task)
    {
        var pipeline = s_ml.Transforms.Concatenate("Features", s_names).Append(Ours(task)).Fit(s_data);
        var transformed = pipeline.Transform(s_data);
        var (fitted, loaded) = (Importance(task, pipeline, transformed), Importance(task, EveryTask.SaveAndLoad(pipeline, s_data.Schema).GetDeepNetwork(), transformed));
        foreach (var name in s_names)
            Assert.AreEqual(fitted[name], loaded[name], 1e-5, name);
    }

    [TestMethod]
    public void A_network_is_found_in_a_pipeline_of_pipelines()
    {
        var data = EveryTask.Load(s_ml, EveryTask.Rows(60));
        using var autoencoder = s_ml.Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options { Epochs = 1 }).Fit(data);
        Assert.AreSame(autoencoder, autoencoder.GetDeepNetwork());
        var nested = s_ml.Transforms.CopyColumns("Copy", "Features").Append(s_ml.Transforms.CopyColumns("Again", "Copy").Append(Ours(EveryTask.Regression))).Fit(data);
        var network = EveryTask.SaveAndLoad(nested, data.Schema).GetDeepNetwork();
        CollectionAssert.AreEqual(EveryTask.Scores(nested, data), EveryTask.Scores(network, data));
        CollectionAssert.AreEqual(EveryTask.Scores(nested, data), EveryTask.Scores(EveryTask.SaveAndLoad(network, data.Schema), data));
        Assert.IsTrue(network.IsRowToRowMapper);
    }

    [TestMethod]
    public void A_model_without_a_network_has_none()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => s_ml.Transforms.Concatenate("Features", s_names).Fit(s_data).GetDeepNetwork());
        Assert.Contains("Pass a model that a DeepNetwork trainer fitted", error.Message);
    }

    private static IEstimator<ITransformer> Own(string task) => task switch
    {
        EveryTask.Binary => s_ml.BinaryClassification.Trainers.SdcaLogisticRegression("Yes"),
        EveryTask.Multiclass => s_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("Class"),
        _ => s_ml.Regression.Trainers.LbfgsPoissonRegression("Number"),
    };

    private static IEstimator<ITransformer> Ours(string task) => task switch
    {
        EveryTask.Binary => s_ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes")),
        EveryTask.Multiclass => s_ml.MulticlassClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkMulticlassTrainer.Options>("Class")),
        _ => s_ml.Regression.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkRegressionTrainer.Options>("Number")),
    };

    /// <summary>What is lost of accuracy or R² without a feature.</summary>
    private static Dictionary<string, double> Importance(string task, ITransformer model, IDataView data)
    {
        var ml = new MLContext(seed: 2);
        return task switch
        {
            EveryTask.Binary => ml.BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, data, "Yes", permutationCount: 3).ToDictionary(f => f.Key, f => -f.Value.Accuracy.Mean),
            EveryTask.Multiclass => ml.MulticlassClassification.PermutationFeatureImportance(model, data, "Class", permutationCount: 3).ToDictionary(f => f.Key, f => -f.Value.MicroAccuracy.Mean),
            _ => ml.Regression.PermutationFeatureImportance(model, data, "Number", permutationCount: 3).ToDictionary(f => f.Key, f => -f.Value.RSquared.Mean),
        };
    }
}
