using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Tasks.Binary;

[TestClass]
public sealed class BinaryTrainerTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_data = EveryTask.Load(s_ml, EveryTask.Rows());
    private static DeepNetworkTransformer s_model = null!;

    private sealed class Prediction
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }

    [ClassInitialize]
    public static void Train(TestContext _) => s_model = EveryTask.Fit(s_ml, EveryTask.Binary, s_data);

    [ClassCleanup]
    public static void Release() => s_model.Dispose();

    [TestMethod]
    public void Learns_and_is_judged_by_ML_NETs_evaluator()
    {
        var metrics = s_ml.BinaryClassification.Evaluate(s_model.Transform(s_data), "Yes");
        Assert.IsGreaterThan(0.95, metrics.Accuracy);
        Assert.IsGreaterThan(0.99, metrics.AreaUnderRocCurve);
        Assert.IsLessThan(0.3, metrics.LogLoss);
    }

    [TestMethod]
    public void Output_columns_have_the_types_and_annotations_of_ML_NET()
    {
        var schema = s_model.GetOutputSchema(s_data.Schema);
        CollectionAssert.AreEqual(new[] { "PredictedLabel", "Score", "Probability" }, schema.Skip(s_data.Schema.Count).Select(c => c.Name).ToArray());
        Assert.AreEqual(BooleanDataViewType.Instance, schema["PredictedLabel"].Type);
        Assert.AreEqual(NumberDataViewType.Single, schema["Score"].Type);
        Assert.AreEqual(NumberDataViewType.Single, schema["Probability"].Type);
        foreach (var name in new[] { "PredictedLabel", "Score", "Probability" })
        {
            Assert.AreEqual("BinaryClassification", Text(schema[name], "ScoreColumnKind"));
            Assert.AreEqual(name, Text(schema[name], "ScoreValueKind"));
            var set = 0u;
            schema[name].Annotations.GetValue("ScoreColumnSetId", ref set);
            Assert.AreEqual(1u, set);
        }
        var normalized = false;
        schema["Probability"].Annotations.GetValue("IsNormalized", ref normalized);
        Assert.IsTrue(normalized);
        Assert.IsNull(schema["Score"].Annotations.Schema.GetColumnOrNull("IsNormalized"));

        static string Text(DataViewSchema.Column column, string annotation)
        {
            var text = default(ReadOnlyMemory<char>);
            column.Annotations.GetValue(annotation, ref text);
            return text.ToString();
        }
    }

    [TestMethod]
    public void The_probability_is_the_logistic_of_the_score_and_the_label_its_sign()
    {
        var both = new HashSet<bool>();
        foreach (var row in Predict(s_model))
        {
            Assert.AreEqual(1 / (1 + Math.Exp(-row.Score)), row.Probability, 1e-5);
            Assert.AreEqual(row.Score > 0, row.PredictedLabel);
            both.Add(row.PredictedLabel);
        }
        Assert.HasCount(2, both);
    }

    [TestMethod]
    public void A_prediction_engine_says_what_the_batches_say()
    {
        using var engine = s_ml.Model.CreatePredictionEngine<EveryTask.Row, Prediction>(s_model, new PredictionEngineOptions { OwnsTransformer = false });
        foreach (var (row, expected) in EveryTask.Rows().Zip(Predict(s_model)))
            AreSame(expected, engine.Predict(row));
    }

    /// <summary>An engine disposes of its model; what used it besides gets an exception, and no crash.</summary>
    [TestMethod]
    public void A_model_that_its_engine_disposed_of_says_so()
    {
        var model = EveryTask.Fit(s_ml, EveryTask.Binary, s_data, o => o.Epochs = 1);
        var scored = model.Transform(s_data);
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        s_ml.Model.CreatePredictionEngine<EveryTask.Row, Prediction>(model).Dispose();
        StringAssert.Contains(Assert.ThrowsExactly<ObjectDisposedException>(() => EveryTask.Scores(model, s_data)).Message, "OwnsTransformer");
        Assert.ThrowsExactly<ObjectDisposedException>(() => cursor.MoveNext());
    }

    [TestMethod]
    public void A_saved_model_says_the_same_in_a_context_that_knows_nothing()
    {
        var loaded = EveryTask.SaveAndLoad(s_model, s_data.Schema);
        foreach (var (expected, actual) in Predict(s_model).Zip(Predict(loaded), (a, b) => (a, b)))
            AreSame(expected, actual);
        var metrics = new MLContext().BinaryClassification.Evaluate(loaded.Transform(s_data), "Yes");
        Assert.AreEqual(s_ml.BinaryClassification.Evaluate(s_model.Transform(s_data), "Yes").LogLoss, metrics.LogLoss, 1e-6);
        var shown = loaded.GetOutputSchema(s_data.Schema).Where(c => !c.IsHidden).Select(c => c.Name).Order().ToArray();
        CollectionAssert.AreEqual(s_model.GetOutputSchema(s_data.Schema).Select(c => c.Name).Order().ToArray(), shown);
    }

    [TestMethod]
    public void The_ONNX_file_scores_alike()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("binary").FullName, "model.onnx");
        var parity = s_model.SaveAsOnnx(path, s_data);
        Assert.AreEqual(200, parity.Rows);
        Assert.IsLessThan(1e-5, parity.GreatestDifference);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [TestMethod]
    public void Cross_validation_runs_through_ML_NET()
    {
        var pipeline = s_ml.Transforms.NormalizeMinMax("Features")
            .Append(s_ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes")));
        var folds = s_ml.BinaryClassification.CrossValidate(s_data, pipeline, numberOfFolds: 3, labelColumnName: "Yes");
        Assert.HasCount(3, folds);
        Assert.IsGreaterThan(0.9, folds.Average(f => f.Metrics.Accuracy));
    }

    [TestMethod]
    public void The_feature_that_tells_most_is_the_most_important()
    {
        var importance = s_ml.BinaryClassification.PermutationFeatureImportance(s_model, s_data, labelColumnName: "Yes", permutationCount: 3);
        Assert.HasCount(3, importance);
        var drops = importance.Select(i => i.AreaUnderRocCurve.Mean).ToArray();
        Assert.AreEqual(drops.Min(), drops[0]);
        Assert.IsLessThan(-0.2, drops[0]);
        Assert.IsGreaterThan(-0.05, drops[2]);
    }

    [TestMethod]
    public void Its_output_shape_serves_the_next_estimator()
    {
        var chain = s_ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes", o => o.Epochs = 1))
            .Append(s_ml.Transforms.CopyColumns("Certainty", "Probability"))
            .Append(s_ml.Transforms.Concatenate("Both", "Score", "Certainty"));
        var shape = chain.GetOutputSchema(EveryTask.ShapeOf<EveryTask.Row>()).ToDictionary(c => c.Name);
        Assert.AreEqual(BooleanDataViewType.Instance, shape["PredictedLabel"].ItemType);
        Assert.AreEqual(NumberDataViewType.Single, shape["Score"].ItemType);
        Assert.AreEqual(SchemaShape.Column.VectorKind.Scalar, shape["Probability"].Kind);
        CollectionAssert.IsSubsetOf(new[] { "IsNormalized", "ScoreColumnKind", "ScoreValueKind" }, shape["Probability"].Annotations.Select(a => a.Name).ToArray());
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, shape["Both"].Kind);
        using var model = chain.Fit(s_data);
        Assert.AreEqual(200, model.Transform(s_data).GetColumn<float[]>("Both").Count());
    }

    [TestMethod]
    public void A_heavier_positive_class_raises_the_scores()
    {
        using var model = EveryTask.Fit(s_ml, EveryTask.Binary, s_data, o => ((DeepNetworkBinaryTrainer.Options)o).PositiveWeight = 20);
        Assert.IsGreaterThan(EveryTask.Scores(s_model, s_data).Average(), EveryTask.Scores(model, s_data).Average());
    }

    private static Prediction[] Predict(ITransformer model) =>
        [.. s_ml.Data.CreateEnumerable<Prediction>(model.Transform(s_data), reuseRowObject: false)];

    private static void AreSame(Prediction expected, Prediction actual)
    {
        Assert.AreEqual(expected.Score, actual.Score, 1e-5);
        Assert.AreEqual(expected.Probability, actual.Probability, 1e-6);
        Assert.AreEqual(expected.PredictedLabel, actual.PredictedLabel);
    }
}
