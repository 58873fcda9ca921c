namespace Microsoft.ML.GradientStability.Tests.Trainers;

[TestClass]
public sealed class FeatureScalingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void The_units_of_the_features_change_nothing(string task)
    {
        using var plain = Fit(EveryTask.Rows());
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Features = [1000 * row.Features[0] - 300, 0.01f * row.Features[1] + 0.1f, 5 * row.Features[2]];
        using var scaled = Fit(rows);
        var expected = EveryTask.Scores(plain, EveryTask.Load(_ml, EveryTask.Rows()));
        EveryTask.AreClose(expected, EveryTask.Scores(scaled, EveryTask.Load(_ml, rows)), 0.02 * expected.Max(Math.Abs));

        DeepNetworkTransformer Fit(EveryTask.Row[] rows) => EveryTask.Fit(_ml, task, EveryTask.Load(_ml, rows), o => o.Epochs = 5);
    }

    [TestMethod]
    public void Without_it_features_enter_as_they_are()
    {
        using var with = EveryTask.Fit(_ml, EveryTask.Binary, EveryTask.Load(_ml, EveryTask.Rows()), o => o.Epochs = 1);
        using var without = EveryTask.Fit(_ml, EveryTask.Binary, EveryTask.Load(_ml, EveryTask.Rows()), o => (o.Epochs, o.StandardizeFeatures) = (1, false));
        Assert.AreEqual(with.Model.ParameterCount, without.Model.ParameterCount, "nothing of the scaling is trained");
        CollectionAssert.AreNotEqual(with.Onnx.ToArray(), without.Onnx.ToArray());
        Assert.IsLessThan(with.Onnx.Length, without.Onnx.Length);
    }

    /// <summary>A feature that is constant in training says nothing, whatever it is later.</summary>
    [TestMethod]
    public void A_constant_feature_is_not_looked_at()
    {
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Features[2] = 7;
        using var model = EveryTask.Fit(_ml, EveryTask.Binary, EveryTask.Load(_ml, rows), o => o.Epochs = 2);
        var expected = EveryTask.Scores(model, EveryTask.Load(_ml, rows));
        foreach (var row in rows)
            row.Features[2] = 1e6f;
        CollectionAssert.AreEqual(expected, EveryTask.Scores(model, EveryTask.Load(_ml, rows)));
    }
}
