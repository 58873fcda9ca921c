using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.CrossValidation;

[TestClass]
public sealed class CrossValidateTests
{
    private static readonly Row[] _rows =
    [
        .. Enumerable.Range(0, 40).Select(i => new Row
        {
            Id = i, Target = i, IsOdd = i % 2 == 1, Parity = i % 2 == 1 ? "odd" : "even",
            Group = $"group {i % 20}", Number = i % 11, Real = i / 7.0, Key = (uint)(i % 10), Flag = i % 3 == 0, Big = (ulong)i * 7919,
            Small = (short)(i * 37 - 300), Sparse = i % 4 == 0 ? "" : $"x{i}",
        }),
    ];

    // Which rows ML.NET 5.0.0 holds out; a number on the border of two folds belongs to both, an empty text to none.
    [TestMethod]
    [DataRow(null, null, null, "5 6 18 20 28 37 | 8 9 10 11 21 25 31 32 35 | 0 1 15 16 22 23 26 29 33 34 39 | 2 3 4 7 12 13 14 17 19 24 27 30 36 38")]
    [DataRow(null, 1, null, "2 10 12 13 28 33 34 35 37 | 3 9 14 15 17 18 19 21 25 31 39 | 5 11 22 29 30 32 | 0 1 4 6 7 8 16 20 23 24 26 27 36 38")]
    [DataRow(null, null, 7, "3 16 17 19 22 32 34 36 | 15 20 21 23 25 27 28 31 37 38 | 0 1 4 7 11 12 13 18 24 | 2 5 6 8 9 10 14 26 29 30 33 35 39")]
    [DataRow("Group", 1, null, "1 3 13 17 18 21 23 33 37 38 | 0 2 5 7 15 16 20 22 25 27 35 36 | 4 12 24 32 | 6 8 9 10 11 14 19 26 28 29 30 31 34 39")]
    [DataRow("Number", null, null, "0 1 2 11 12 13 22 23 24 33 34 35 | 3 4 5 14 15 16 25 26 27 36 37 38 | 5 6 7 16 17 18 27 28 29 38 39 | 8 9 10 19 20 21 30 31 32")]
    [DataRow("Real", null, null, "0 1 2 3 4 5 6 7 8 9 | 10 11 12 13 14 15 16 17 18 19 | 20 21 22 23 24 25 26 27 28 29 | 30 31 32 33 34 35 36 37 38 39")]
    [DataRow("Key", null, null, "0 1 2 10 11 12 20 21 22 30 31 32 | 2 3 4 12 13 14 22 23 24 32 33 34 | 5 6 7 15 16 17 25 26 27 35 36 37 | 7 8 9 17 18 19 27 28 29 37 38 39")]
    [DataRow("Group", null, null, "4 15 19 24 35 39 | 5 7 9 11 13 25 27 29 31 33 | 0 2 3 10 14 18 20 22 23 30 34 38 | 1 6 8 12 16 17 21 26 28 32 36 37")]
    [DataRow("Id", null, null, "6 8 11 13 22 27 34 37 39 | 2 5 7 12 14 17 21 24 35 | 0 4 9 10 16 19 20 26 28 30 33 | 1 3 15 18 23 25 29 31 32 36 38")]
    [DataRow("Flag", null, null, " |  | 1 2 4 5 7 8 10 11 13 14 16 17 19 20 22 23 25 26 28 29 31 32 34 35 37 38 | 0 3 6 9 12 15 18 21 24 27 30 33 36 39")]
    [DataRow("Small", 1, null, "4 7 9 11 12 15 20 22 23 24 | 1 2 3 8 14 16 19 28 29 36 | 5 17 26 27 30 33 34 35 39 | 0 6 10 13 18 21 25 31 32 37 38")]
    [DataRow("Sparse", null, null, "5 6 7 10 15 18 25 26 33 34 39 | 11 19 23 30 31 37 | 13 22 27 35 38 | 1 2 3 9 14 17 21 29")]
    [DataRow("Big", 1, null, "1 8 10 16 20 21 30 31 34 36 37 38 | 3 5 6 17 18 28 29 39 | 0 11 14 19 22 23 25 26 27 33 | 2 4 7 9 12 13 15 24 32 35")]
    public void Rows_fall_into_the_folds_of_ML_NET(string? samplingKey, int? seed, int? contextSeed, string expected)
    {
        var ml = new MLContext(contextSeed);
        var results = ml.Regression.CrossValidate(ml.Data.LoadFromEnumerable(_rows), new Recorder(Score(ml)), numberOfFolds: 4,
            labelColumnName: "Target", samplingKeyColumnName: samplingKey, seed: seed);

        Assert.AreEqual(expected, string.Join(" | ", results.Select(r => string.Join(' ', Ids(r.ScoredHoldOutSet)))));
    }

    [TestMethod]
    public void Each_model_is_fitted_on_the_rows_that_it_is_not_judged_by()
    {
        var ml = new MLContext(1);
        var recorder = new Recorder(Score(ml));
        var results = ml.Regression.CrossValidate(ml.Data.LoadFromEnumerable(_rows), recorder, labelColumnName: "Target");

        Assert.HasCount(5, results);
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4 }, results.Select(r => r.Fold).ToArray());
        CollectionAssert.AreEqual(_rows.Select(r => r.Id).ToArray(), results.SelectMany(r => Ids(r.ScoredHoldOutSet)).Order().ToArray());
        for (var fold = 0; fold < 5; fold++)
        {
            CollectionAssert.AreEqual(_rows.Select(r => r.Id).Except(Ids(results[fold].ScoredHoldOutSet)).ToArray(), recorder.TrainingRows[fold]);
            Assert.AreSame(recorder.Models[fold], results[fold].Model);
        }
    }

    [TestMethod]
    public void The_metrics_are_those_of_the_scored_rows()
    {
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable(_rows);

        foreach (var result in ml.Regression.CrossValidate(data, Score(ml), labelColumnName: "Target"))
        {
            Assert.AreEqual(ml.Regression.Evaluate(result.ScoredHoldOutSet, "Target").RSquared, result.Metrics.RSquared);
            // The score is always 1/2 too high.
            Assert.AreEqual(0.5, result.Metrics.MeanAbsoluteError, 1e-6);
        }
        foreach (var result in ml.BinaryClassification.CrossValidate(data, Score(ml), numberOfFolds: 3, labelColumnName: "IsOdd"))
        {
            Assert.AreEqual(ml.BinaryClassification.Evaluate(result.ScoredHoldOutSet, "IsOdd").LogLoss, result.Metrics.LogLoss);
            Assert.AreEqual(1, result.Metrics.LogLoss, 1e-6);
        }
        foreach (var result in ml.BinaryClassification.CrossValidateNonCalibrated(data, Score(ml), numberOfFolds: 3, labelColumnName: "IsOdd"))
            Assert.AreEqual(ml.BinaryClassification.EvaluateNonCalibrated(result.ScoredHoldOutSet, "IsOdd").AreaUnderRocCurve, result.Metrics.AreaUnderRocCurve);
    }

    [TestMethod]
    public void Links_of_a_chain_that_do_not_score_take_part_in_the_judgement()
    {
        var ml = new MLContext(1);
        var chain = new EstimatorChain<ITransformer>()
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Parity)), TransformerScope.TrainTest)
            .Append(ml.Transforms.CustomMapping<Row, ClassScore>(
                (row, scored) => scored.Score = row.IsOdd == (row.Id != 7) ? [0, 1] : [1, 0], null));
        var results = ml.MulticlassClassification.CrossValidate(ml.Data.LoadFromEnumerable(_rows), chain, numberOfFolds: 2);

        Assert.HasCount(2, results);
        CollectionAssert.AreEqual(results.Select(r => Ids(r.ScoredHoldOutSet).Length).ToArray(),
            results.Select(r => (int)r.Metrics.ConfusionMatrix.Counts.Sum(row => row.Sum())).ToArray());
        Assert.IsNull(results[0].Model.GetOutputSchema(ml.Data.LoadFromEnumerable(_rows).Schema).GetColumnOrNull("Label"));
    }

    [TestMethod]
    public void A_fold_without_rows_is_judged_by_nothing()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(_rows);
        var results = ml.Regression.CrossValidate(data, Score(ml), numberOfFolds: 4, labelColumnName: "Target", samplingKeyColumnName: "Flag");

        Assert.AreEqual(0, results[0].Metrics.MeanAbsoluteError);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.BinaryClassification.CrossValidate(
            data, Score(ml), numberOfFolds: 4, labelColumnName: "IsOdd", samplingKeyColumnName: "Flag"));
    }

    [TestMethod]
    public void Wrong_arguments_are_refused()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(_rows);
        var estimator = Score(ml);

        Assert.ThrowsExactly<ArgumentNullException>(() => ml.Regression.CrossValidate(null!, estimator));
        Assert.ThrowsExactly<ArgumentNullException>(() => ml.Regression.CrossValidate(data, null!));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Regression.CrossValidate(data, estimator, numberOfFolds: 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Regression.CrossValidate(data, estimator, labelColumnName: ""));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Regression.CrossValidate(data, estimator, samplingKeyColumnName: "Zed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Regression.CrossValidate(data, estimator, labelColumnName: "Zed"));
    }

    private static IEstimator<ITransformer> Score(MLContext ml) => ml.Transforms.CustomMapping<Row, Prediction>(
        (row, prediction) => (prediction.Score, prediction.Probability) = (row.Target + 0.5f, 0.5f), null);

    private static int[] Ids(IDataView data) => data.Scalars<int>(nameof(Row.Id));

    /// <summary>Remembers what it was fitted on.</summary>
    private sealed class Recorder(IEstimator<ITransformer> inner) : IEstimator<ITransformer>
    {
        public List<int[]> TrainingRows { get; } = [];

        public List<ITransformer> Models { get; } = [];

        public ITransformer Fit(IDataView input)
        {
            TrainingRows.Add(Ids(input));
            Models.Add(inner.Fit(input));
            return Models[^1];
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
    }

    private sealed class Row
    {
        public int Id { get; set; }

        public float Target { get; set; }

        public bool IsOdd { get; set; }

        public string? Parity { get; set; }

        public string? Group { get; set; }

        public float Number { get; set; }

        public double Real { get; set; }

        [KeyType(10)]
        public uint Key { get; set; }

        public bool Flag { get; set; }

        public ulong Big { get; set; }

        public short Small { get; set; }

        public string? Sparse { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class ClassScore
    {
        [VectorType(2)]
        public float[] Score { get; set; } = [];

        [KeyType(2)]
        public uint PredictedLabel { get; set; }
    }
}
