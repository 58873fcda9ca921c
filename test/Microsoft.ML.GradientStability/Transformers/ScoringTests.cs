using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Transformers;

[TestClass]
public sealed class ScoringTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_data = Samples.KeyedClusters(s_ml, rows: 300);
    private static DeepNetworkTransformer s_model = null!;

    private sealed class Scored
    {
        public string Label { get; set; } = "";

        public float[] Features { get; set; } = [];

        [ColumnName("PredictedLabel")]
        public uint Predicted { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class Prediction
    {
        [ColumnName("PredictedLabel")]
        public uint Predicted { get; set; }

        public float[] Score { get; set; } = [];
    }

    [ClassInitialize]
    public static void Train(TestContext _) => s_model = s_ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(s_data);

    [ClassCleanup]
    public static void Release() => s_model.Dispose();

    [TestMethod]
    public void Output_columns_have_the_types_and_annotations_of_ML_NET()
    {
        var schema = s_model.Transform(s_data).Schema;
        var label = schema["PredictedLabel"];
        var key = (KeyDataViewType)label.Type;
        Assert.AreEqual(typeof(uint), key.RawType);
        Assert.AreEqual(3ul, key.Count);
        var values = default(VBuffer<ReadOnlyMemory<char>>);
        label.GetKeyValues(ref values);
        CollectionAssert.AreEqual(new[] { "red", "green", "blue" }, values.DenseValues().Select(v => v.ToString()).ToArray());

        var score = schema["Score"];
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), score.Type);
        var slots = default(VBuffer<ReadOnlyMemory<char>>);
        score.GetSlotNames(ref slots);
        CollectionAssert.AreEqual(new[] { "red", "green", "blue" }, slots.DenseValues().Select(v => v.ToString()).ToArray());
        foreach (var column in new[] { label, score })
        {
            var kind = default(ReadOnlyMemory<char>);
            column.Annotations.GetValue("ScoreColumnKind", ref kind);
            Assert.AreEqual("MulticlassClassification", kind.ToString());
            var set = 0u;
            column.Annotations.GetValue("ScoreColumnSetId", ref set);
            Assert.AreEqual(1u, set);
        }
    }

    [TestMethod]
    public void Scored_twice_the_columns_are_numbered_apart()
    {
        var score = s_model.GetOutputSchema(s_model.GetOutputSchema(s_data.Schema))["Score"];
        var set = 0u;
        score.Annotations.GetValue("ScoreColumnSetId", ref set);
        Assert.AreEqual(2u, set);
    }

    [TestMethod]
    public void Scores_are_probabilities_and_the_predicted_label_is_the_likeliest()
    {
        var rows = 0;
        foreach (var row in s_ml.Data.CreateEnumerable<Prediction>(s_model.Transform(s_data), reuseRowObject: false))
        {
            rows++;
            Assert.AreEqual(1, row.Score.Sum(), 1e-5);
            Assert.AreEqual(row.Score.Max(), row.Score[row.Predicted - 1]);
        }
        Assert.AreEqual(300, rows);
    }

    [TestMethod]
    public void A_prediction_engine_says_what_the_batches_say()
    {
        var pipeline = s_ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()));
        var raw = s_ml.Data.LoadFromEnumerable(Samples.Clusters(140));
        using var model = pipeline.Fit(raw);
        using var engine = s_ml.Model.CreatePredictionEngine<Samples.Row, Prediction>(model);
        var batched = s_ml.Data.CreateEnumerable<Prediction>(model.Transform(raw), reuseRowObject: false).ToArray();
        foreach (var (row, expected) in Samples.Clusters(140).Zip(batched))
        {
            var one = engine.Predict(row);
            Assert.AreEqual(expected.Predicted, one.Predicted);
            for (var c = 0; c < 3; c++)
                Assert.AreEqual(expected.Score[c], one.Score[c], 1e-6);
        }
    }

    [TestMethod]
    public void Columns_that_pass_by_stay_with_their_row()
    {
        var labelled = s_ml.Transforms.Conversion.MapKeyToValue("Label").Fit(s_data).Transform(s_data);
        var expected = Samples.Clusters(300);
        var scored = s_ml.Data.CreateEnumerable<Scored>(s_model.Transform(labelled), reuseRowObject: false).ToArray();
        Assert.HasCount(300, scored);
        for (var i = 0; i < scored.Length; i++)
        {
            Assert.AreEqual(expected[i].Label, scored[i].Label);
            CollectionAssert.AreEqual(expected[i].Features, scored[i].Features);
        }
    }

    [TestMethod]
    public void A_cursor_reads_only_what_is_asked_for()
    {
        var view = s_model.Transform(s_data);
        var (score, features, label) = (view.Schema["Score"], view.Schema["Features"], view.Schema["Label"]);
        using var cursor = view.GetRowCursor([score]);
        Assert.IsTrue(cursor.IsColumnActive(score));
        Assert.IsFalse(cursor.IsColumnActive(label));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<uint>(label));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(score));

        using var passing = view.GetRowCursor([features]);
        Assert.IsFalse(passing.IsColumnActive(score));
        var get = passing.GetGetter<VBuffer<float>>(features);
        var value = default(VBuffer<float>);
        Assert.AreEqual(-1, passing.Position);
        for (var row = 0L; passing.MoveNext(); row++)
        {
            Assert.AreEqual(row, passing.Position);
            get(ref value);
        }
        Assert.AreEqual(-1, passing.Position);
        Assert.IsFalse(passing.MoveNext());
    }

    [TestMethod]
    public void Row_ids_are_those_of_the_input()
    {
        using var expected = s_data.GetRowCursor(s_data.Schema);
        var view = s_model.Transform(s_data);
        using var actual = view.GetRowCursor([view.Schema["Score"]]);
        var (expectedId, actualId) = (expected.GetIdGetter(), actual.GetIdGetter());
        while (expected.MoveNext())
        {
            Assert.IsTrue(actual.MoveNext());
            var (a, b) = (default(DataViewRowId), default(DataViewRowId));
            expectedId(ref a);
            actualId(ref b);
            Assert.AreEqual(a, b);
        }
    }

    [TestMethod]
    public void A_set_of_cursors_scores_every_row_once()
    {
        var view = s_model.Transform(s_data);
        var needed = new[] { view.Schema["Score"], view.Schema["Features"] };
        var expected = Read(view.GetRowCursor(needed)).Order().ToArray();
        var cursors = view.GetRowCursorSet(needed, 3);
        CollectionAssert.AreEqual(expected, cursors.SelectMany(Read).Order().ToArray());

        IEnumerable<(float, float)> Read(DataViewRowCursor cursor)
        {
            using (cursor)
            {
                var (score, features) = (cursor.GetGetter<VBuffer<float>>(needed[0]), cursor.GetGetter<VBuffer<float>>(needed[1]));
                var (s, f) = (default(VBuffer<float>), default(VBuffer<float>));
                while (cursor.MoveNext())
                {
                    score(ref s);
                    features(ref f);
                    yield return (f.GetItemOrDefault(0), s.GetItemOrDefault(0));
                }
            }
        }
    }

    [TestMethod]
    public void Sparse_features_score_like_dense_ones()
    {
        var schema = SchemaDefinition.Create(typeof(VectorRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        var data = s_ml.Data.LoadFromEnumerable(
        [
            new VectorRow { Features = new VBuffer<float>(2, [0, 1.5f]) },
            new VectorRow { Features = new VBuffer<float>(2, 1, [1.5f], [1]) },
        ], schema);
        var rows = s_ml.Data.CreateEnumerable<Prediction>(s_model.Transform(data), reuseRowObject: false).ToArray();
        CollectionAssert.AreEqual(rows[0].Score, rows[1].Score);
    }

    private sealed class VectorRow
    {
        public VBuffer<float> Features { get; set; }
    }

    [TestMethod]
    public void Data_of_another_width_is_refused()
    {
        var data = s_ml.Transforms.Concatenate("Features", "Features", "Features").Fit(s_data).Transform(s_data);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_model.Transform(data));
        StringAssert.Contains(error.Message, "expected a vector of 2 Single");
    }

    [TestMethod]
    public void Evaluate_reads_the_scored_data_unchanged()
    {
        var metrics = s_ml.MulticlassClassification.Evaluate(s_model.Transform(s_data));
        Assert.IsGreaterThan(0.98, metrics.MicroAccuracy);
        Assert.IsLessThan(0.3, metrics.LogLoss);
        Assert.AreEqual(3, metrics.ConfusionMatrix.NumberOfClasses);
    }
}
