namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>Weights and labels at the ends of Single are right or refused, and no finding blames anything else for them.</summary>
[TestClass]
public sealed class ExtremeScaleTests
{
    private readonly Logged _log = new();

    public static IEnumerable<object[]> Weights() =>
        from task in new[] { EveryTask.Binary, EveryTask.Multiclass, EveryTask.Regression }
        from factor in new[] { 1e38f, 1e-38f, 1e-44f, 3e37f }
        from streamed in new[] { false, true }
        select new object[] { task, factor, streamed };

    /// <summary>Powers of two aside, a common factor of all weights is none: the models are close, with accumulation and held-out rows too.</summary>
    [TestMethod]
    [DynamicData(nameof(Weights))]
    public void A_factor_on_all_row_weights_changes_nothing(string task, float factor, bool streamed)
    {
        EveryTask.AreClose(Scores(1), Scores(factor), 0.02);
        Assert.IsEmpty(_log.Warnings, string.Join('\n', _log.Warnings));

        float[] Scores(float factor)
        {
            var rows = EveryTask.Rows();
            foreach (var (row, i) in rows.Select((r, i) => (r, i)))
                row.Weight = factor * (1 + i % 2);
            using var model = EveryTask.Fit(_log.Ml, task, EveryTask.Load(_log.Ml, rows), o =>
            {
                (o.ExampleWeightColumnName, o.AccumulationSteps, o.ValidationFraction, o.Epochs) = ("Weight", 2, 0.1, 5);
                o.MemoryBudget = streamed ? 1 << 20 : 1 << 30;
            });
            Assert.IsTrue(double.IsFinite(model.Model.Summary.ValidationLoss!.Value));
            return EveryTask.Scores(model, EveryTask.Load(_log.Ml, rows));
        }
    }

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void Weights_too_far_apart_are_named(string task)
    {
        var rows = EveryTask.Rows();
        foreach (var (row, i) in rows.Select((r, i) => (r, i)))
            row.Weight = i < 20 ? 1e38f : 1e-5f;
        using var model = EveryTask.Fit(_log.Ml, task, EveryTask.Load(_log.Ml, rows), o => (o.ExampleWeightColumnName, o.Epochs) = ("Weight", 3));
        Assert.HasCount(1, _log.Warnings, string.Join('\n', _log.Warnings));
        StringAssert.Contains(_log.Warnings[0], "The weights in column 'Weight' reach from 1E-05 to 1E+38");
        Assert.IsTrue(EveryTask.Scores(model, EveryTask.Load(_log.Ml, rows)).All(float.IsFinite));
    }

    [TestMethod]
    [DataRow(1e-40)]
    [DataRow(1e-300)]
    [DataRow(1e38)]
    public void A_factor_on_all_class_weights_changes_nothing(double factor)
    {
        var data = EveryTask.Load(_log.Ml, EveryTask.Rows());
        EveryTask.AreClose(Scores(1), Scores(factor), 1e-4);
        Assert.IsEmpty(_log.Warnings);

        float[] Scores(double factor)
        {
            using var model = EveryTask.Fit(_log.Ml, EveryTask.Multiclass, data, o => ((DeepNetworkMulticlassTrainer.Options)o).ClassWeights = [factor, 2 * factor, 3 * factor]);
            return EveryTask.Scores(model, data);
        }
    }

    [TestMethod]
    public void Class_weights_too_far_apart_are_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeepNetworkMulticlassTrainer.Options { ClassWeights = [1, 1e-40, 0] });
        Assert.AreEqual("ClassWeights", error.ParamName);
        StringAssert.Contains(error.Message, "1e30 times");
    }

    [TestMethod]
    public void Class_weights_that_leave_one_class_are_refused()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EveryTask.Fit(_log.Ml, EveryTask.Multiclass, EveryTask.Load(_log.Ml, EveryTask.Rows()),
            o => ((DeepNetworkMulticlassTrainer.Options)o).ClassWeights = [0, 3, 0]));
        StringAssert.Contains(error.Message, "one class alone count (key 2)");
    }

    [TestMethod]
    [DataRow(1e30, true)]
    [DataRow(1e6, true)]
    [DataRow(1e3, true)]
    [DataRow(1e-6, false)]
    [DataRow(1e-30, false)]
    public void A_positive_weight_of_any_size_is_obeyed(double weight, bool answer)
    {
        var rows = EveryTask.Rows();
        foreach (var (row, i) in rows.Select((r, i) => (r, i)))
            row.Yes = i % 2 == 0;
        using var model = EveryTask.Fit(_log.Ml, EveryTask.Binary, EveryTask.Load(_log.Ml, rows), o =>
        {
            ((DeepNetworkBinaryTrainer.Options)o).PositiveWeight = weight;
            o.Epochs = 30;
        });
        Assert.IsTrue(model.Model.Summary.Findings.All(finding => finding.CauseName == "LossWeights"), string.Join('\n', _log.Warnings));
        Assert.HasCount(model.Model.Summary.Findings.Count, _log.Warnings);
        Assert.IsTrue(EveryTask.Scores(model, EveryTask.Load(_log.Ml, rows)).All(score => score > 0 == answer));
    }

    /// <summary>Labels a few units in the last place apart: a prediction cannot be closer than to the nearest Single, and is that close.</summary>
    [TestMethod]
    [DataRow(1e8f, 8f)]
    [DataRow(-1e8f, 8f)]
    [DataRow(1e6f, 0.0625f)]
    [DataRow(16777216f, 2f)]
    public void A_spread_that_is_tiny_beside_the_mean(float mean, float unit)
    {
        var rows = EveryTask.Rows();
        foreach (var (row, i) in rows.Select((r, i) => (r, i)))
            (row.Features[0], row.Number) = (i % 4, mean + unit * (i % 4));
        using var model = EveryTask.Fit(_log.Ml, EveryTask.Regression, EveryTask.Load(_log.Ml, rows), o => o.Epochs = 60);
        Assert.IsEmpty(_log.Warnings, string.Join('\n', _log.Warnings));
        var scored = model.Transform(EveryTask.Load(_log.Ml, rows));
        Assert.IsGreaterThan(0.95, _log.Ml.Regression.Evaluate(scored, "Number").RSquared);
    }

    [TestMethod]
    [DataRow(3e38f)]
    [DataRow(1e-40f)]
    public void Labels_that_single_precision_cannot_predict_are_refused(float unit)
    {
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Number = unit * row.Features[0];
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EveryTask.Fit(_log.Ml, EveryTask.Regression, EveryTask.Load(_log.Ml, rows)));
        StringAssert.StartsWith(error.Message, "The labels in column 'Number' reach ");
        StringAssert.Contains(error.Message, "another unit");
    }
}
