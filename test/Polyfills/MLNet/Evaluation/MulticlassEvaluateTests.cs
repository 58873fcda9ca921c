using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class MulticlassEvaluateTests
{
    private readonly MLContext _ml = new();

    // One row of class 0, one of class 1, two of class 2; the last has equal scores, and the first of them wins.
    // (An object holds a key counted from zero; a key beyond the last is missing.)
    private static readonly Scored[] _rows =
    [
        new() { Label = 0, Score = [0.5f, 0.3f, 0.2f] },
        new() { Label = 1, Score = [0.6f, 0.3f, 0.1f] },
        new() { Label = 2, Score = [0.1f, 0.1f, 0.8f] },
        new() { Label = 2, Score = [0.4f, 0.4f, 0.2f] },
    ];

    [TestMethod]
    public void Accuracies_are_shares_of_rows_and_means_of_shares_of_classes()
    {
        var metrics = Evaluate(_rows);

        Assert.AreEqual(0.5, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual((1 + 0 + 0.5) / 3, metrics.MacroAccuracy, 1e-12);
    }

    [TestMethod]
    public void Log_loss_is_the_mean_negative_log_of_the_label_s_probability()
    {
        var metrics = Evaluate(_rows);
        var loss = -(Math.Log(0.5) + Math.Log(0.3) + Math.Log(0.8) + Math.Log(0.2)) / 4;
        var entropy = -(0.25 * Math.Log(0.25) + 0.25 * Math.Log(0.25) + 0.5 * Math.Log(0.5));

        Assert.AreEqual(loss, metrics.LogLoss, 1e-6);
        Assert.AreEqual((entropy - loss) / entropy, metrics.LogLossReduction, 1e-6);
        Assert.HasCount(3, metrics.PerClassLogLoss);
        Assert.AreEqual(-Math.Log(0.5), metrics.PerClassLogLoss[0], 1e-6);
        Assert.AreEqual(-Math.Log(0.3), metrics.PerClassLogLoss[1], 1e-6);
        Assert.AreEqual(-(Math.Log(0.8) + Math.Log(0.2)) / 2, metrics.PerClassLogLoss[2], 1e-6);
    }

    [TestMethod]
    public void Top_k_accuracy_counts_labels_among_the_k_highest_scores()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(_rows), topKPredictionCount: 3);

        Assert.AreEqual(3, metrics.TopKPredictionCount);
        CollectionAssert.AreEqual(new[] { 0.5, 0.75, 1 }, metrics.TopKAccuracyForAllK.ToArray());
        Assert.AreEqual(1, metrics.TopKAccuracy);
        Assert.IsNull(Evaluate(_rows).TopKAccuracyForAllK);
        Assert.AreEqual(0, Evaluate(_rows).TopKAccuracy);
    }

    [TestMethod]
    public void The_confusion_matrix_has_a_row_a_true_class()
    {
        var confusion = Evaluate(_rows).ConfusionMatrix;

        Assert.AreEqual(3, confusion.NumberOfClasses);
        CollectionAssert.AreEqual(new double[] { 1, 0, 0 }, confusion.Counts[0].ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 0, 0 }, confusion.Counts[1].ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 0, 1 }, confusion.Counts[2].ToArray());
        CollectionAssert.AreEqual(new[] { 1, 0, 0.5 }, confusion.PerClassRecall.ToArray());
        CollectionAssert.AreEqual(new[] { 1 / 3.0, 0, 1 }, confusion.PerClassPrecision.ToArray());
        Assert.AreEqual(1, confusion.GetCountForClassPair(predictedClassIndicatorIndex: 0, actualClassIndicatorIndex: 2));
        Assert.AreEqual(0, confusion.GetCountForClassPair(predictedClassIndicatorIndex: 2, actualClassIndicatorIndex: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => confusion.GetCountForClassPair(3, 0));
    }

    [TestMethod]
    public void The_confusion_table_is_text()
    {
        string[] expected =
        [
            "",
            "Confusion table",
            "          ||========================",
            "PREDICTED ||     0 |     1 |     2 | Recall",
            "TRUTH     ||========================",
            "        0 ||     1 |     0 |     0 | 1.0000",
            "        1 ||     1 |     0 |     0 | 0.0000",
            "        2 ||     1 |     0 |     1 | 0.5000",
            "          ||========================",
            "Precision ||0.3333 |0.0000 |1.0000 |",
            "",
        ];

        Assert.AreEqual(string.Join(Environment.NewLine, expected), Evaluate(_rows).ConfusionMatrix.GetFormattedConfusionTable());
    }

    [TestMethod]
    public void The_confusion_table_names_and_numbers_classes_of_long_names()
    {
        var data = _ml.Data.LoadFromEnumerable([new Named { Label = 0, Versicolor = 0.2f, Virginica = 0.8f }]);
        var scored = _ml.Transforms.Concatenate("Score", nameof(Named.Versicolor), nameof(Named.Virginica)).Fit(data).Transform(data);
        string[] expected =
        [
            "",
            "Confusion table",
            "              ||======================",
            "PREDICTED     ||        0 |        1 | Recall",
            "TRUTH         ||======================",
            "0. Versicolor ||        0 |        1 | 0.0000",
            "1.  Virginica ||        0 |        0 | 0.0000",
            "              ||======================",
            "Precision     ||   0.0000 |   0.0000 |",
            "",
        ];

        Assert.AreEqual(string.Join(Environment.NewLine, expected),
            _ml.MulticlassClassification.Evaluate(scored).ConfusionMatrix.GetFormattedConfusionTable());
    }

    [TestMethod]
    public void A_probability_of_zero_costs_as_much_as_the_smallest_that_counts() =>
        Assert.AreEqual(-Math.Log(1e-15), Evaluate(new Scored { Label = 0, Score = [0, 1, 0] }).LogLoss, 1e-5);

    [TestMethod]
    public void Rows_without_a_label_or_with_scores_that_are_not_finite_are_left_out()
    {
        var unlabelled = new Scored { Label = 3, Score = [1, 0, 0] };
        var unscored = new Scored { Label = 0, Score = [float.NaN, 0, 1] };
        var metrics = Evaluate([.. _rows, unlabelled, unscored]);

        Assert.AreEqual(0.5, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual(Evaluate(_rows).LogLoss, metrics.LogLoss);
    }

    [TestMethod]
    public void Labels_may_be_numbers_and_one_beyond_the_classes_is_a_miss()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(
        [
            new NumberScored { Label = 0, Score = [0.9f, 0.1f] },
            new NumberScored { Label = 7, Score = [0.9f, 0.1f] },
            new NumberScored { Label = -1, Score = [0.9f, 0.1f] },
            new NumberScored { Label = 0.5f, Score = [0.9f, 0.1f] },
            new NumberScored { Label = float.NaN, Score = [0.9f, 0.1f] },
        ]));

        Assert.AreEqual(0.5, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual(1, metrics.MacroAccuracy, 1e-12);
        Assert.AreEqual(-(Math.Log(0.9) + Math.Log(1e-15)) / 2, metrics.LogLoss, 1e-5);
    }

    [TestMethod]
    public void No_rows_give_zeros()
    {
        var metrics = Evaluate();

        Assert.AreEqual(0, metrics.MicroAccuracy);
        Assert.AreEqual(0, metrics.MacroAccuracy);
        Assert.AreEqual(0, metrics.LogLoss);
        Assert.IsTrue(double.IsNaN(metrics.LogLossReduction));
    }

    [TestMethod]
    public void Columns_that_are_missing_or_of_the_wrong_type_are_refused()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        var catalog = _ml.MulticlassClassification;

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, labelColumnName: "Zed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, scoreColumnName: "Zed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, predictedLabelColumnName: "Zed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, labelColumnName: "Score"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, scoreColumnName: "Label"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, topKPredictionCount: -1));
    }

    private MulticlassClassificationMetrics Evaluate(params Scored[] rows) =>
        _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows));

    private sealed class Scored
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];

        [KeyType(3)]
        public uint PredictedLabel { get; set; }
    }

    private sealed class NumberScored
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Score { get; set; } = [];

        public float PredictedLabel { get; set; }
    }

    private sealed class Named
    {
        [KeyType(2)]
        public uint Label { get; set; }

        public float Versicolor { get; set; }

        public float Virginica { get; set; }

        [KeyType(2)]
        public uint PredictedLabel { get; set; }
    }
}
