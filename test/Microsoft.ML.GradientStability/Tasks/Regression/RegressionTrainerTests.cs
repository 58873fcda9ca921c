using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Tasks.Regression;

[TestClass]
public sealed class RegressionTrainerTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_data = EveryTask.Load(s_ml, EveryTask.Rows());
    private static DeepNetworkTransformer s_model = null!;

    private sealed class Prediction
    {
        public float Score { get; set; }
    }

    [ClassInitialize]
    public static void Train(TestContext _) => s_model = EveryTask.Fit(s_ml, EveryTask.Regression, s_data);

    [ClassCleanup]
    public static void Release() => s_model.Dispose();

    [TestMethod]
    public void Learns_and_is_judged_by_ML_NETs_evaluator() =>
        Assert.IsGreaterThan(0.97, s_ml.Regression.Evaluate(s_model.Transform(s_data), "Number").RSquared);

    [TestMethod]
    public void The_output_column_has_the_type_and_annotations_of_ML_NET()
    {
        var schema = s_model.GetOutputSchema(s_data.Schema);
        Assert.AreEqual(s_data.Schema.Count + 1, schema.Count);
        var score = schema["Score"];
        Assert.AreEqual(NumberDataViewType.Single, score.Type);
        var text = default(ReadOnlyMemory<char>);
        score.Annotations.GetValue("ScoreColumnKind", ref text);
        Assert.AreEqual("Regression", text.ToString());
        score.Annotations.GetValue("ScoreValueKind", ref text);
        Assert.AreEqual("Score", text.ToString());
    }

    [TestMethod]
    public void A_prediction_engine_says_what_the_batches_say()
    {
        using var engine = s_ml.Model.CreatePredictionEngine<EveryTask.Row, Prediction>(s_model, new PredictionEngineOptions { OwnsTransformer = false });
        EveryTask.AreClose(EveryTask.Scores(s_model, s_data), [.. EveryTask.Rows().Select(r => engine.Predict(r).Score)], 1e-4);
    }

    [TestMethod]
    public void A_saved_model_says_the_same_in_a_context_that_knows_nothing()
    {
        var loaded = EveryTask.SaveAndLoad(s_model, s_data.Schema);
        EveryTask.AreClose(EveryTask.Scores(s_model, s_data), EveryTask.Scores(loaded, s_data), 1e-4);
        Assert.IsGreaterThan(0.97, new MLContext().Regression.Evaluate(loaded.Transform(s_data), "Number").RSquared);
    }

    [TestMethod]
    public void The_ONNX_file_scores_alike()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("regression").FullName, "model.onnx");
        var parity = s_model.SaveAsOnnx(path, s_data);
        Assert.AreEqual(200, parity.Rows);
        Assert.IsLessThan(1e-4, parity.GreatestDifference);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [TestMethod]
    public void Cross_validation_runs_through_ML_NET()
    {
        var folds = s_ml.Regression.CrossValidate(s_data,
            s_ml.Regression.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkRegressionTrainer.Options>("Number")), numberOfFolds: 3, labelColumnName: "Number");
        Assert.HasCount(3, folds);
        Assert.IsGreaterThan(0.9, folds.Average(f => f.Metrics.RSquared));
    }

    [TestMethod]
    public void The_feature_that_tells_most_is_the_most_important()
    {
        var importance = s_ml.Regression.PermutationFeatureImportance(s_model, s_data, labelColumnName: "Number", permutationCount: 3);
        var drops = importance.Select(i => i.RSquared.Mean).ToArray();
        Assert.HasCount(3, drops);
        Assert.AreEqual(drops.Min(), drops[0]);
        Assert.IsLessThan(-0.5, drops[0]);
        Assert.IsGreaterThan(-0.05, drops[2]);
    }

    [TestMethod]
    public void Its_output_shape_serves_the_next_estimator()
    {
        var chain = s_ml.Regression.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkRegressionTrainer.Options>("Number", o => o.Epochs = 1))
            .Append(s_ml.Transforms.Concatenate("Stacked", "Features", "Score"));
        var shape = chain.GetOutputSchema(EveryTask.ShapeOf<EveryTask.Row>()).ToDictionary(c => c.Name);
        Assert.AreEqual(NumberDataViewType.Single, shape["Score"].ItemType);
        Assert.AreEqual(SchemaShape.Column.VectorKind.Scalar, shape["Score"].Kind);
        CollectionAssert.IsSubsetOf(new[] { "ScoreColumnKind", "ScoreValueKind" }, shape["Score"].Annotations.Select(a => a.Name).ToArray());
        using var model = chain.Fit(s_data);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 4), model.GetOutputSchema(s_data.Schema)["Stacked"].Type);
    }

    /// <summary>Targets are standardized inside: another unit is the same training.</summary>
    [TestMethod]
    public void The_unit_of_the_target_changes_nothing()
    {
        var other = EveryTask.Rows();
        foreach (var row in other)
            row.Number = 1000 * row.Number + 5;
        using var model = EveryTask.Fit(s_ml, EveryTask.Regression, EveryTask.Load(s_ml, other));
        Assert.AreEqual(s_model.Model.Summary.Loss, model.Model.Summary.Loss, 1e-4);
        EveryTask.AreClose([.. EveryTask.Scores(s_model, s_data).Select(s => 1000 * s + 5)], EveryTask.Scores(model, s_data), 30);
    }

    [TestMethod]
    public void Losses_that_forgive_outliers_keep_to_the_many()
    {
        var rows = EveryTask.Rows();
        foreach (var (row, i) in rows.Select((r, i) => (r, i)))
            row.Number = i % 5 == 0 ? 1000 : 1 + row.Features[0];
        double Middle(RegressionLoss loss)
        {
            using var model = EveryTask.Fit(s_ml, EveryTask.Regression, EveryTask.Load(s_ml, rows), o => ((DeepNetworkRegressionTrainer.Options)o).Loss = loss);
            return EveryTask.Scores(model, s_data).Average();
        }
        var (squared, huber, absolute) = (Middle(RegressionLoss.Squared), Middle(RegressionLoss.Huber(0.1)), Middle(RegressionLoss.Absolute));
        Assert.AreEqual(200, squared, 60, "the mean");
        Assert.IsLessThan(60.0, huber);
        Assert.IsLessThan(60.0, absolute, "the median");
    }
}
