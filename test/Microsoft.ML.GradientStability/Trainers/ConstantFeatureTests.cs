using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>What varies is used, however little beside its size; what does not is named.</summary>
[TestClass]
public sealed class ConstantFeatureTests
{
    private readonly Logged _log = new();

    private sealed class Named
    {
        public float Width { get; set; }

        public float Age { get; set; }

        public float Number { get; set; }
    }

    /// <summary>Seconds since 1970 over an hour: in Single 29 different numbers, whose deviation is 6e-7 of their mean.</summary>
    [TestMethod]
    [DataRow(1.7e9, 3600.0)]
    [DataRow(-1.7e9, 3600.0)]
    [DataRow(1e6, 2.0)]
    [DataRow(16777216.0, 40.0)]
    [DataRow(1e30, 1e25)]
    [DataRow(0, 1e-30)]
    [DataRow(0, 1e37)]
    public void A_small_spread_around_a_large_mean_is_learnt_from(double from, double spread)
    {
        var rows = Rows(from, spread);
        using var model = EveryTask.Fit(_log.Ml, EveryTask.Regression, EveryTask.Load(_log.Ml, rows), o => o.Epochs = 60);
        Assert.IsGreaterThan(0.97, _log.Ml.Regression.Evaluate(model.Transform(EveryTask.Load(_log.Ml, rows)), "Number").RSquared);
        Assert.IsEmpty(_log.Warnings, string.Join('\n', _log.Warnings));
    }

    [TestMethod]
    public void Its_ONNX_form_says_the_same()
    {
        var data = EveryTask.Load(_log.Ml, Rows(1.7e9, 3600));
        using var model = EveryTask.Fit(_log.Ml, EveryTask.Regression, data);
        EveryTask.AreClose(EveryTask.Scores(model, data), EveryTask.Scores(EveryTask.SaveAndLoad(model, data.Schema), data), 1e-4);
        using var further = EveryTask.Fit(_log.Ml, EveryTask.Regression, data, previous: model);
        Assert.IsLessThan(model.Model.Summary.Loss, further.Model.Summary.Loss);
    }

    /// <summary>Two neighbouring numbers of Single: the mean lies between them, where there is no Single.</summary>
    [TestMethod]
    public void Two_neighbouring_numbers_are_standardized_to_1_and_minus_1()
    {
        var statistics = new RowStatistics(1);
        var next = MathF.BitIncrement(1e9f);
        for (var i = 0; i < 1000; i++)
            statistics.Add([i % 2 == 0 ? 1e9f : next], 0, targetsAreClasses: false);
        var (mean, scale, offset) = statistics.Scaling();
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var scaling = new InputScaling(mean, scale, offset);
        CollectionAssert.AreEqual(new[] { -1f, 1f }, scaling.forward(TorchSharp.torch.tensor(new[] { 1e9f, next }, [2, 1])).data<float>().ToArray());
    }

    [TestMethod]
    public void What_is_constant_is_named()
    {
        var rows = Enumerable.Range(0, 50).Select(i => new Named { Width = i, Age = 0.1f, Number = i });
        var data = _log.Ml.Transforms.Concatenate("Features", "Width", "Age").Fit(_log.Ml.Data.LoadFromEnumerable(rows)).Transform(_log.Ml.Data.LoadFromEnumerable(rows));
        EveryTask.Fit(_log.Ml, EveryTask.Regression, data, o => (o.Epochs, o.Detectors) = (1, [])).Dispose();
        Assert.HasCount(1, _log.Warnings);
        StringAssert.Contains(_log.Warnings[0], "1 of the 2 features in column 'Features' (slot 1 ('Age')) is the same number in all training rows; the network does not look at it");
    }

    [TestMethod]
    public void A_long_list_is_shortened()
    {
        var rows = Enumerable.Range(0, 20).Select(i => new Wide { Features = [i, .. Enumerable.Repeat(3f, 999)], Number = i }).ToArray();
        EveryTask.Fit(_log.Ml, EveryTask.Regression, _log.Ml.Data.LoadFromEnumerable(rows), o => o.Epochs = 1).Dispose();
        Assert.HasCount(1, _log.Warnings);
        StringAssert.Contains(_log.Warnings[0], "999 of the 1000 features");
        StringAssert.Contains(_log.Warnings[0], "slot 1, slot 2, slot 3");
        StringAssert.Contains(_log.Warnings[0], "and 989 more");
        Assert.IsLessThan(400, _log.Warnings[0].Length);
    }

    private sealed class Wide
    {
        [VectorType(1000)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }
    }

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void All_constant_is_an_error_before_training(string task)
    {
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Features = [0.1f, 0, 1e30f];
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EveryTask.Fit(_log.Ml, task, EveryTask.Load(_log.Ml, rows)));
        StringAssert.Contains(error.Message, "All 200 training rows have the same features in column 'Features'");
    }

    [TestMethod]
    public void Numbers_too_small_to_be_scaled_are_named()
    {
        EveryTask.Fit(_log.Ml, EveryTask.Regression, EveryTask.Load(_log.Ml, Rows(0, 1e-40)), o => (o.Epochs, o.Detectors) = (1, [])).Dispose();
        Assert.HasCount(1, _log.Warnings);
        StringAssert.Contains(_log.Warnings[0], "single precision");
        StringAssert.Contains(_log.Warnings[0], "slot 0");
    }

    [TestMethod]
    public void A_feature_that_an_outlier_scales_is_named()
    {
        var rows = EveryTask.Rows();
        rows[77].Features[1] = 1e30f;
        EveryTask.Fit(_log.Ml, EveryTask.Regression, EveryTask.Load(_log.Ml, rows), o => o.Epochs = 1).Dispose();
        Assert.HasCount(1, _log.Warnings);
        StringAssert.Contains(_log.Warnings[0], "(slot 1) is scaled by outliers");
    }

    /// <summary>A constant near the end of Single, less which other numbers overflow.</summary>
    [TestMethod]
    public void A_constant_of_any_size_gives_no_NaN_later()
    {
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Features[2] = 3e38f;
        using var model = EveryTask.Fit(_log.Ml, EveryTask.Regression, EveryTask.Load(_log.Ml, rows), o => o.Epochs = 2);
        var expected = EveryTask.Scores(model, EveryTask.Load(_log.Ml, rows));
        foreach (var row in rows)
            row.Features[2] = -3e38f;
        CollectionAssert.AreEqual(expected, EveryTask.Scores(model, EveryTask.Load(_log.Ml, rows)));
    }

    [TestMethod]
    [DataRow(7f, 8f)]
    [DataRow(0f, 1e-6f)]
    [DataRow(1e9f, 1.0001e9f)]
    [DataRow(3e38f, -3e38f)]
    public void An_autoencoder_shows_when_a_slot_that_never_moved_does(float constant, float moved)
    {
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Features[2] = constant;
        var data = EveryTask.Load(_log.Ml, rows);
        var estimator = _log.Ml.Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options { Network = Network.FeedForward(16), EmbeddingSize = 2, Epochs = 20, Seed = 1 });
        using var model = estimator.Fit(data);
        Assert.HasCount(1, _log.Warnings);
        StringAssert.Contains(_log.Warnings[0], "reconstruction error");
        var usual = Errors(model, data).Max();
        rows[3].Features[2] = moved;
        foreach (var scorer in new ITransformer[] { model, EveryTask.SaveAndLoad(model, data.Schema) })
            Assert.IsGreaterThan(10 * usual, Errors(scorer, EveryTask.Load(_log.Ml, rows))[3]);

        static float[] Errors(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float>("ReconstructionError")];
    }

    /// <summary>The number hangs on the first feature alone, which runs over <paramref name="spread"/> from <paramref name="from"/> on.</summary>
    private static EveryTask.Row[] Rows(double from, double spread)
    {
        var rows = EveryTask.Rows();
        foreach (var (row, i) in rows.Select((r, i) => (r, i)))
            (row.Features, row.Number) = ([(float)(from + spread * i / 200), row.Features[1], row.Features[2]], (float)Math.Sin(3.0 * i / 200));
        return rows;
    }
}
