using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.FeatureImportance;

[TestClass]
public sealed class PermutationFeatureImportanceTests
{
    private readonly MLContext _ml = new(1);

    // The label follows the second feature; the first is not looked at, and the third is the same in every row.
    private static readonly Row[] _rows =
    [
        .. Enumerable.Range(0, 20).Select(i => new Row { Features = [i * i % 7, i, 1], Label = i, IsHigh = i >= 10, Class = i >= 10 ? 1u : 0u }),
    ];

    [TestMethod]
    public void Only_features_that_the_model_looks_at_matter()
    {
        var importance = Regression(_ml, _rows, permutationCount: 3);

        Assert.HasCount(3, importance);
        foreach (var unused in new[] { importance[0], importance[2] })
        {
            Assert.AreEqual(0, unused.RSquared.Mean);
            Assert.AreEqual(0, unused.MeanAbsoluteError.Mean);
            Assert.AreEqual(0, unused.MeanAbsoluteError.StandardDeviation);
            Assert.AreEqual(3, unused.MeanAbsoluteError.Count);
        }
        Assert.IsTrue(importance[1].RSquared.Mean < -0.1);
        Assert.IsTrue(importance[1].MeanAbsoluteError.Mean > 1);
        Assert.IsTrue(importance[1].MeanSquaredError.Mean > importance[1].MeanAbsoluteError.Mean);
        Assert.AreEqual(importance[1].MeanSquaredError.Mean, importance[1].LossFunction.Mean, 1e-6);
        Assert.AreEqual(importance[1].RSquared.StandardDeviation / Math.Sqrt(3), importance[1].RSquared.StandardError, 1e-12);
        Assert.IsTrue(importance[1].RSquared.StandardDeviation > 0);
    }

    [TestMethod]
    public void Two_rows_are_swapped_or_not()
    {
        var importance = Regression(_ml, _rows[..2], permutationCount: 40)[1];

        // Each swap costs 1 a row; the mean over 40 permutations is the share of swaps.
        var swaps = importance.MeanSquaredError.Mean;
        Assert.AreEqual(0.5, swaps, 0.3);
        Assert.AreEqual(swaps, importance.MeanAbsoluteError.Mean, 1e-12);
        Assert.AreEqual(Math.Sqrt(swaps * (1 - swaps) * 40 / 39), importance.MeanSquaredError.StandardDeviation, 1e-9);
        // The squared deviation of the labels 0 and 1 from their mean is 1/2, that of a swap from the labels 2.
        Assert.AreEqual(-4 * swaps, importance.RSquared.Mean, 1e-12);
    }

    [TestMethod]
    public void One_permutation_has_no_deviation()
    {
        var importance = Regression(_ml, _rows)[1];

        Assert.AreEqual(1, importance.RSquared.Count);
        Assert.AreEqual(0, importance.RSquared.StandardDeviation);
        Assert.AreEqual(0, importance.RSquared.StandardError);
    }

    [TestMethod]
    public void The_seed_of_the_context_fixes_the_permutations() => CollectionAssert.AreEqual(
        Regression(new MLContext(5), _rows).Select(slot => slot.RSquared.Mean).ToArray(),
        Regression(new MLContext(5), _rows).Select(slot => slot.RSquared.Mean).ToArray());

    [TestMethod]
    public void Only_the_first_rows_are_used_where_so_many_are_asked_for()
    {
        Row[] rows = [new() { Features = [0, 4, 1], Label = 1 }, .. _rows[1..4]];

        // The one row cannot be permuted; it is 3 off, while all four rows are 3/4 off in the mean.
        Assert.AreEqual(3 - 0.75, Regression(_ml, rows, examples: 1)[1].MeanAbsoluteError.Mean, 1e-12);
        Assert.AreEqual(0, Regression(_ml, rows, examples: 5)[2].MeanAbsoluteError.Mean, 1e-12);
        Assert.ThrowsExactly<InvalidOperationException>(() => Regression(_ml, rows, examples: 0));
    }

    [TestMethod]
    public void No_rows_have_no_importance() => Assert.IsEmpty(Regression(_ml, []));

    [TestMethod]
    public void Binary_metrics_fall_too()
    {
        var model = new Model<Scored>(_ml, (row, scored) => scored.Score = row.Features[1] - 9.5f);
        var importance = _ml.BinaryClassification.PermutationFeatureImportance(
            model, _ml.Data.LoadFromEnumerable(_rows), labelColumnName: nameof(Row.IsHigh), permutationCount: 4);

        Assert.HasCount(3, importance);
        Assert.AreEqual(0, importance[0].AreaUnderRocCurve.Mean);
        Assert.AreEqual(4, importance[0].Accuracy.Count);
        foreach (var metric in new[]
        {
            importance[1].AreaUnderRocCurve, importance[1].AreaUnderPrecisionRecallCurve, importance[1].Accuracy, importance[1].F1Score,
            importance[1].PositivePrecision, importance[1].PositiveRecall, importance[1].NegativePrecision, importance[1].NegativeRecall,
        })
            Assert.IsTrue(metric.Mean < -0.1);
    }

    [TestMethod]
    public void Multiclass_metrics_fall_too()
    {
        var model = new Model<ClassScored>(_ml, (row, scored) => scored.Score = row.Features[1] >= 10 ? [0.1f, 0.9f] : [0.9f, 0.1f]);
        var importance = _ml.MulticlassClassification.PermutationFeatureImportance(
            model, _ml.Data.LoadFromEnumerable(_rows), labelColumnName: nameof(Row.Class));

        Assert.HasCount(3, importance);
        Assert.AreEqual(0, importance[2].LogLoss.Mean);
        Assert.IsTrue(importance[1].MicroAccuracy.Mean < -0.1);
        Assert.IsTrue(importance[1].MacroAccuracy.Mean < -0.1);
        Assert.IsTrue(importance[1].LogLoss.Mean > 0.1);
        Assert.IsTrue(importance[1].LogLossReduction.Mean < -0.1);
        Assert.AreEqual(0, importance[1].TopKAccuracy.Mean);
        Assert.HasCount(2, importance[1].PerClassLogLoss);
        Assert.AreEqual(importance[1].LogLoss.Mean, importance[1].PerClassLogLoss.Average(loss => loss.Mean), 1e-9);
    }

    private static ImmutableArray<RegressionMetricsStatistics> Regression(MLContext ml, Row[] rows, int? examples = null, int permutationCount = 1) =>
        ml.Regression.PermutationFeatureImportance(new Model<Scored>(ml, (row, scored) => scored.Score = row.Features[1]),
            ml.Data.LoadFromEnumerable(rows), numberOfExamplesToUse: examples, permutationCount: permutationCount);

    /// <summary>A transformer of somebody else, as far as ML.NET is concerned.</summary>
    private sealed class Model<TScored>(MLContext ml, Action<Row, TScored> score) : ISingleFeaturePredictionTransformer<object>
        where TScored : class, new()
    {
        private readonly ITransformer _inner = ml.Transforms.CustomMapping(score, null).Fit(ml.Data.LoadFromEnumerable(_rows));

        public string FeatureColumnName => nameof(Row.Features);

        public DataViewType FeatureColumnType => new VectorDataViewType(NumberDataViewType.Single, 3);

        object IPredictionTransformer<object>.Model => this;

        bool ITransformer.IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _inner.GetOutputSchema(inputSchema);

        public IDataView Transform(IDataView input) => _inner.Transform(input);

        IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _inner.GetRowToRowMapper(inputSchema);

        void ICanSaveModel.Save(ModelSaveContext ctx) => _inner.Save(ctx);
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool IsHigh { get; set; }

        [KeyType(2)]
        public uint Class { get; set; }
    }

    private sealed class Scored
    {
        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class ClassScored
    {
        [VectorType(2)]
        public float[] Score { get; set; } = [];

        [KeyType(2)]
        public uint PredictedLabel { get; set; }
    }
}
