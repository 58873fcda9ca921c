using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Evaluation;

[TestClass]
public sealed class BinaryEvaluateTests
{
    private readonly MLContext _ml = new();

    // By falling score: + + - - + - + -; the score of 0 predicts the negative class.
    private static readonly Scored[] _rows =
    [
        new() { Label = true, Score = 2, Probability = 0.9f },
        new() { Label = false, Score = 1, Probability = 0.7f },
        new() { Label = true, Score = 0.5f, Probability = 0.6f },
        new() { Label = true, Score = -1, Probability = 0.3f },
        new() { Label = false, Score = -2, Probability = 0.1f },
        new() { Label = false, Score = 0, Probability = 0.5f },
        new() { Label = true, Score = 3, Probability = 0.95f },
        new() { Label = false, Score = 1.5f, Probability = 0.8f },
    ];

    [TestMethod]
    public void A_score_above_0_predicts_the_positive_class_whatever_the_predicted_label_says()
    {
        var metrics = Evaluate(_rows);

        Assert.AreEqual(5 / 8.0, metrics.Accuracy, 1e-12);
        Assert.AreEqual(3 / 5.0, metrics.PositivePrecision, 1e-12);
        Assert.AreEqual(3 / 4.0, metrics.PositiveRecall, 1e-12);
        Assert.AreEqual(2 / 3.0, metrics.NegativePrecision, 1e-12);
        Assert.AreEqual(2 / 4.0, metrics.NegativeRecall, 1e-12);
        Assert.AreEqual(2 * 0.6 * 0.75 / (0.6 + 0.75), metrics.F1Score, 1e-12);
    }

    [TestMethod]
    public void The_area_under_the_roc_curve_is_the_share_of_pairs_in_order() =>
        Assert.AreEqual((4 + 4 + 2 + 1) / 16.0, Evaluate(_rows).AreaUnderRocCurve, 1e-12);

    [TestMethod]
    public void The_area_under_the_precision_recall_curve_is_a_sum_of_trapezoids() =>
        Assert.AreEqual((1 + 1 + (1 / 2.0 + 3 / 5.0) / 2 + (1 / 2.0 + 4 / 7.0) / 2) / 4, Evaluate(_rows).AreaUnderPrecisionRecallCurve, 1e-12);

    [TestMethod]
    public void Equal_scores_are_half_a_pair_and_keep_their_order()
    {
        var metrics = Evaluate(
            new Scored { Label = false, Score = -1, Probability = 0.5f },
            new Scored { Label = true, Score = 1, Probability = 0.5f },
            new Scored { Label = false, Score = 1, Probability = 0.5f },
            new Scored { Label = true, Score = 1, Probability = 0.5f });

        Assert.AreEqual((0.5 + 0.5 + 1 + 1) / 4, metrics.AreaUnderRocCurve, 1e-12);
        Assert.AreEqual((1 + (1 / 2.0 + 2 / 3.0) / 2) / 2, metrics.AreaUnderPrecisionRecallCurve, 1e-12);
    }

    [TestMethod]
    public void Losses_are_in_bits()
    {
        var metrics = Evaluate(_rows);
        var loss = -new[] { 0.9, 0.3, 0.6, 0.3, 0.9, 0.5, 0.95, 0.2 }.Average(Math.Log2);

        Assert.AreEqual(loss, metrics.LogLoss, 1e-6);
        Assert.AreEqual(1, metrics.Entropy, 1e-12);
        Assert.AreEqual(1 - loss, metrics.LogLossReduction, 1e-6);

        var uneven = Evaluate(_rows[..3]);
        var entropy = -(2 / 3.0 * Math.Log2(2 / 3.0) + 1 / 3.0 * Math.Log2(1 / 3.0));
        Assert.AreEqual(entropy, uneven.Entropy, 1e-12);
        Assert.AreEqual((entropy - uneven.LogLoss) / entropy, uneven.LogLossReduction, 1e-12);
    }

    [TestMethod]
    public void A_certain_mistake_costs_infinitely_much_and_a_missing_probability_has_no_cost()
    {
        var certain = Evaluate([.. _rows, new Scored { Label = true, Score = -9, Probability = 0 }]);
        Assert.AreEqual(double.PositiveInfinity, certain.LogLoss);
        Assert.AreEqual(double.NegativeInfinity, certain.LogLossReduction);

        var missing = Evaluate([.. _rows, new Scored { Label = true, Score = -9, Probability = float.NaN }]);
        Assert.IsTrue(double.IsNaN(missing.LogLoss));
        Assert.IsTrue(double.IsNaN(missing.LogLossReduction));
        Assert.AreEqual(5 / 9.0, missing.Accuracy, 1e-12);

        var none = Evaluate([.. _rows.Select(row => new Scored { Label = row.Label, Score = row.Score, Probability = float.NaN })]);
        Assert.IsTrue(double.IsNaN(none.LogLoss));
        Assert.AreEqual(0, none.LogLossReduction);
    }

    [TestMethod]
    public void The_confusion_matrix_begins_with_the_positive_class()
    {
        var confusion = Evaluate(_rows).ConfusionMatrix;
        string[] expected =
        [
            "TEST POSITIVE RATIO:\t0.5000 (4.0/(4.0+4.0))",
            "Confusion table",
            "          ||======================",
            "PREDICTED || positive | negative | Recall",
            "TRUTH     ||======================",
            " positive ||        3 |        1 | 0.7500",
            " negative ||        2 |        2 | 0.5000",
            "          ||======================",
            "Precision ||   0.6000 |   0.6667 |",
            "",
        ];

        Assert.AreEqual(2, confusion.NumberOfClasses);
        CollectionAssert.AreEqual(new double[] { 3, 1 }, confusion.Counts[0].ToArray());
        CollectionAssert.AreEqual(new double[] { 2, 2 }, confusion.Counts[1].ToArray());
        Assert.AreEqual(1, confusion.GetCountForClassPair(predictedClassIndicatorIndex: 1, actualClassIndicatorIndex: 0));
        Assert.AreEqual(string.Join(Environment.NewLine, expected), confusion.GetFormattedConfusionTable());
    }

    [TestMethod]
    public void Rows_without_a_label_or_with_a_score_that_is_not_finite_are_left_out()
    {
        var rows = _rows.Select(row => new NumberScored { Label = row.Label ? 1 : 0, Score = row.Score });
        var metrics = _ml.BinaryClassification.EvaluateNonCalibrated(_ml.Data.LoadFromEnumerable(
        [
            .. rows,
            new NumberScored { Label = float.NaN, Score = 1 },
            new NumberScored { Label = 1, Score = float.NaN },
            new NumberScored { Label = 0, Score = float.PositiveInfinity },
        ]));

        Assert.AreEqual(5 / 8.0, metrics.Accuracy, 1e-12);
        Assert.AreEqual(11 / 16.0, metrics.AreaUnderRocCurve, 1e-12);
    }

    [TestMethod]
    public void A_number_above_0_is_a_positive_label()
    {
        NumberScored[] rows = [new() { Label = 0.1f, Score = 1 }, new() { Label = -1, Score = 1 }, new() { Label = 0, Score = -1 }];
        var data = _ml.Data.LoadFromEnumerable(rows);
        var doubles = _ml.Data.LoadFromEnumerable(rows.Select(row => new DoubleScored { Label = row.Label, Score = row.Score }));

        foreach (var metrics in new[] { _ml.BinaryClassification.EvaluateNonCalibrated(data), _ml.BinaryClassification.EvaluateNonCalibrated(doubles) })
        {
            CollectionAssert.AreEqual(new double[] { 1, 0 }, metrics.ConfusionMatrix.Counts[0].ToArray());
            CollectionAssert.AreEqual(new double[] { 1, 1 }, metrics.ConfusionMatrix.Counts[1].ToArray());
        }
    }

    [TestMethod]
    public void The_second_value_of_a_key_is_the_positive_label_and_the_values_name_the_classes_in_their_order()
    {
        var data = _ml.Data.LoadFromEnumerable(
        [
            new NamedScored { Answer = "no", Score = -1 },
            new NamedScored { Answer = "yes", Score = 1 },
            new NamedScored { Answer = "yes", Score = -2 },
            new NamedScored { Answer = "", Score = 3 },
        ]);
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(NamedScored.Answer)).Fit(data).Transform(data);
        var matrix = _ml.BinaryClassification.EvaluateNonCalibrated(keys).ConfusionMatrix;

        CollectionAssert.AreEqual(new double[] { 1, 1 }, matrix.Counts[0].ToArray());
        CollectionAssert.AreEqual(new double[] { 0, 1 }, matrix.Counts[1].ToArray());
        Assert.StartsWith("TEST NO RATIO:\t0.6667 (2.0/(2.0+1.0))", matrix.GetFormattedConfusionTable());
    }

    [TestMethod]
    public void One_class_has_no_area_under_a_curve()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Evaluate(_rows[0]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Evaluate(_rows[1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Evaluate());
    }

    [TestMethod]
    public void Columns_that_are_missing_or_of_the_wrong_type_are_refused()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        var catalog = _ml.BinaryClassification;

        Assert.ThrowsExactly<ArgumentNullException>(() => catalog.Evaluate(null!));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, labelColumnName: ""));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, labelColumnName: "Zed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, scoreColumnName: "Zed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, probabilityColumnName: "Zed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, predictedLabelColumnName: "Zed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, labelColumnName: "Ternary"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, scoreColumnName: "Label"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, probabilityColumnName: "Label"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.EvaluateNonCalibrated(data, scoreColumnName: "Label"));
    }

    private CalibratedBinaryClassificationMetrics Evaluate(params Scored[] rows) =>
        _ml.BinaryClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows));

    private sealed class Scored
    {
        public bool Label { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }

        [KeyType(3)]
        public uint Ternary { get; set; }
    }

    private sealed class NumberScored
    {
        public float Label { get; set; }

        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class DoubleScored
    {
        public double Label { get; set; }

        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class NamedScored
    {
        public string Answer { get; set; } = "";

        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
