using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Evaluation;

[TestClass]
public sealed class RegressionEvaluateTests
{
    private readonly MLContext _ml = new();

    private static readonly Scored[] _rows =
    [
        new() { Label = 1, Score = 1.5f },
        new() { Label = 2, Score = 2 },
        new() { Label = 3, Score = 2 },
        new() { Label = 4, Score = 5 },
    ];

    [TestMethod]
    public void Errors_are_means_over_the_rows()
    {
        var metrics = Evaluate(_rows);

        Assert.AreEqual(2.5 / 4, metrics.MeanAbsoluteError, 1e-12);
        Assert.AreEqual(2.25 / 4, metrics.MeanSquaredError, 1e-12);
        Assert.AreEqual(0.75, metrics.RootMeanSquaredError, 1e-12);
        Assert.AreEqual(2.25 / 4, metrics.LossFunction, 1e-12);
    }

    [TestMethod]
    public void R_squared_is_the_share_of_the_labels_variance_that_the_scores_explain()
    {
        Assert.AreEqual(1 - 2.25 / 5, Evaluate(_rows).RSquared, 1e-12);
        Assert.AreEqual(1, Evaluate([.. _rows.Select(row => new Scored { Label = row.Label, Score = row.Label })]).RSquared);
    }

    [TestMethod]
    public void Labels_that_do_not_differ_have_no_R_squared()
    {
        var metrics = Evaluate(new Scored { Label = 2, Score = 1 }, new Scored { Label = 2, Score = 4 });

        Assert.IsTrue(double.IsNaN(metrics.RSquared));
        Assert.AreEqual(1.5, metrics.MeanAbsoluteError, 1e-12);
    }

    [TestMethod]
    public void Rows_without_a_label_or_a_score_are_left_out()
    {
        var metrics = Evaluate([.. _rows, new() { Label = float.NaN, Score = 7 }, new() { Label = 7, Score = float.NaN }]);

        Assert.AreEqual(0.75, metrics.RootMeanSquaredError, 1e-12);
        Assert.AreEqual(double.PositiveInfinity, Evaluate([.. _rows, new() { Label = 7, Score = float.PositiveInfinity }]).MeanAbsoluteError);
    }

    [TestMethod]
    public void No_rows_give_zeros()
    {
        var metrics = Evaluate();

        Assert.AreEqual(0, metrics.MeanAbsoluteError);
        Assert.AreEqual(0, metrics.MeanSquaredError);
        Assert.AreEqual(0, metrics.RootMeanSquaredError);
        Assert.AreEqual(0, metrics.LossFunction);
        Assert.AreEqual(0, metrics.RSquared);
    }

    [TestMethod]
    public void Columns_that_are_missing_or_of_the_wrong_type_are_refused()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);

        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Regression.Evaluate(null!));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Regression.Evaluate(data, labelColumnName: ""));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Regression.Evaluate(data, labelColumnName: "Zed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Regression.Evaluate(data, scoreColumnName: "Zed"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Regression.Evaluate(data, labelColumnName: "Double"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Regression.Evaluate(data, scoreColumnName: "Double"));
    }

    private RegressionMetrics Evaluate(params Scored[] rows) => _ml.Regression.Evaluate(_ml.Data.LoadFromEnumerable(rows));

    private sealed class Scored
    {
        public float Label { get; set; }

        public float Score { get; set; }

        public double Double { get; set; }
    }
}
