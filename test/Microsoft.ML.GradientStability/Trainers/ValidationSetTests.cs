using Microsoft.ML.Data;
namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>A validation set that did not pass the transforms of the training data is seen, an honest one is left alone, and errors name it.</summary>
[TestClass]
public sealed class ValidationSetTests
{
    private readonly Logged _log = new();

    private static readonly Action<EveryTask.Row>[] s_raw =
    [
        row => row.Features = [.. row.Features.Select(x => 50 + 20 * x)],
        row => row.Features = [.. row.Features.Select(x => 0.001f * x)],
        row => row.Features = [row.Features[0], 1000 * row.Features[1], row.Features[2]],
        row => row.Features = [1, 2, 3],
        row => row.Number = 1000 * row.Number,
    ];

    public static IEnumerable<object[]> Raw() => from way in Enumerable.Range(0, s_raw.Length) from rows in new[] { 5, 40, 200 } select new object[] { way, rows };

    [TestMethod]
    [DynamicData(nameof(Raw))]
    public void Rows_that_passed_no_transforms_are_seen(int way, int rows)
    {
        Fit(EveryTask.Rows(rows, seed: 6), s_raw[way]);
        Assert.HasCount(1, _log.Warnings);
        StringAssert.StartsWith(_log.Warnings[0], "ValidationSet: Its rows cannot be of the distribution of the training rows: ");
        StringAssert.Contains(_log.Warnings[0], "same fitted transforms");
    }

    /// <summary>Raw rows beside a pipeline that brings its own column into another range.</summary>
    [TestMethod]
    public void Raw_rows_beside_a_normalizer_are_seen_and_prepared_ones_are_not()
    {
        var ml = _log.Ml;
        var rows = EveryTask.Rows(300);
        foreach (var row in rows)
            row.Features = [1000 + 300 * row.Features[0], 0.02f * row.Features[1], 40 * row.Features[2]];
        var (train, raw) = (EveryTask.Load(ml, rows.Take(200)), EveryTask.Load(ml, rows.Skip(200)));
        var normalize = ml.Transforms.NormalizeMeanVariance("Features").Fit(train);
        foreach (var (set, warnings) in new[] { (normalize.Transform(raw), 0), (raw, 1) })
        {
            EveryTask.Fit(ml, EveryTask.Regression, normalize.Transform(train), o => (o.Epochs, o.ValidationSet, o.Detectors) = (1, set, [])).Dispose();
            Assert.HasCount(warnings, _log.Warnings);
        }
    }

    public static IEnumerable<object[]> Honest() =>
        from kind in new[] { "as is", "rare", "outliers", "heavy tails", "counts", "later" } from rows in new[] { 1, 2, 5, 20, 200 } select new object[] { kind, rows };

    /// <summary>A hundred splits of each kind, by the rule alone.</summary>
    [TestMethod]
    [DynamicData(nameof(Honest))]
    public void An_honest_set_is_left_alone(string kind, int rows)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var (training, held) = (new RowStatistics(10), Enumerable.Range(0, rows).ToList());
            for (var row = 0; row < 500; row++)
                training.Add(Draw(random, row), 0, targetsAreClasses: false);
            var check = new HeldOutCheck(training, judgesTarget: false);
            foreach (var row in held)
                check.Add(new VBuffer<float>(10, Draw(random, 500 + row)), 0);
            var data = EveryTask.Load(_log.Ml, []);
            Assert.IsNull(check.Finding(new InputColumns("Features", null, null, null).Bind(data.Schema)), $"seed {seed}");
        }

        float[] Draw(Random random, int row) => [.. Enumerable.Range(0, 10).Select(slot => (float)(kind switch
        {
            // One constant slot beside nine that vary, so that a hit of a single one counts.
            "rare" => slot == 0 ? random.NextDouble() : random.NextDouble() < 0.004 ? 1 : 0,
            "outliers" => random.NextDouble() < 0.002 ? 1e30 : random.NextDouble(),
            "heavy tails" => Math.Exp(3 * Normal(random)),
            "counts" => Math.Floor(-3 * Math.Log(1 - random.NextDouble())),
            "later" => slot < 5 ? row + random.NextDouble() : Math.Sqrt(row) * Normal(random) + row,
            _ => Normal(random),
        }))];

        static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    public static IEnumerable<object[]> Bad() =>
    [
        [void (EveryTask.Row r) => r.Features[1] = float.NaN, "Row 4 has the value NaN in slot 1"],
        [void (EveryTask.Row r) => r.Number = float.NaN, "Row 4 has no label in column 'Number'"],
        [void (EveryTask.Row r) => r.Number = float.PositiveInfinity, "Row 4 has the label"],
        [void (EveryTask.Row r) => r.Weight = -1, "Row 4 has the weight -1"],
    ];

    [TestMethod]
    [DynamicData(nameof(Bad))]
    public void Errors_of_its_rows_name_it(object spoil, string message)
    {
        var rows = EveryTask.Rows(10);
        ((Action<EveryTask.Row>)spoil)(rows[3]);
        StringAssert.StartsWith(Refused<InvalidOperationException>(EveryTask.Regression, rows).Message, $"ValidationSet: {message}");
    }

    [TestMethod]
    public void Errors_of_the_whole_name_it()
    {
        StringAssert.StartsWith(Refused<InvalidOperationException>(EveryTask.Regression, []).Message, "ValidationSet: The data has 0 rows");
        var rows = EveryTask.Rows(10);
        foreach (var row in rows)
            row.Weight = 0;
        StringAssert.StartsWith(Refused<InvalidOperationException>(EveryTask.Binary, rows).Message, "ValidationSet: All weights in column 'Weight' are 0");
        foreach (var row in rows)
            (row.Weight, row.Class) = (1, 1);
        StringAssert.StartsWith(Refused<InvalidOperationException>(EveryTask.Multiclass, rows, o => ((DeepNetworkMulticlassTrainer.Options)o).ClassWeights = [1, 0, 1]).Message,
            "ValidationSet: The 10 rows are all of classes with ClassWeights of 0 (key 2)");
    }

    private sealed class NoLabel
    {
        [Microsoft.ML.Data.VectorType(3)]
        public float[] Features { get; set; } = [1, 2, 3];
    }

    [TestMethod]
    public void Errors_of_its_columns_name_it()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EveryTask.Fit(_log.Ml, EveryTask.Binary, EveryTask.Load(_log.Ml, EveryTask.Rows()),
            o => o.ValidationSet = _log.Ml.Data.LoadFromEnumerable([new NoLabel()])));
        Assert.AreEqual("ValidationSet", error.ParamName);
        StringAssert.StartsWith(error.Message, "ValidationSet: Could not find label column 'Yes'");
    }

    /// <summary>The rows that a fraction holds out get the error that the training rows would get.</summary>
    [TestMethod]
    public void Held_out_rows_of_a_class_that_does_not_count()
    {
        var held = new HeldOutRows(0.1, 3);
        var rows = EveryTask.Rows();
        foreach (var (row, i) in rows.Select((r, i) => (r, i)))
            row.Class = held.Contains(i) ? 2u : row.Class;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EveryTask.Fit(_log.Ml, EveryTask.Multiclass, EveryTask.Load(_log.Ml, rows),
            o => (o.ValidationFraction, ((DeepNetworkMulticlassTrainer.Options)o).ClassWeights) = (0.1, [1, 1, 0])));
        StringAssert.StartsWith(error.Message, "The 20 held-out rows are all of classes with ClassWeights of 0 (key 3)");
    }

    private void Fit(EveryTask.Row[] set, Action<EveryTask.Row> change)
    {
        foreach (var row in set)
            change(row);
        EveryTask.Fit(_log.Ml, EveryTask.Regression, EveryTask.Load(_log.Ml, EveryTask.Rows()), o => (o.Epochs, o.ValidationSet) = (30, EveryTask.Load(_log.Ml, set))).Dispose();
    }

    private T Refused<T>(string task, EveryTask.Row[] set, Action<SupervisedOptions>? change = null) where T : Exception => Assert.ThrowsExactly<T>(() =>
        EveryTask.Fit(_log.Ml, task, EveryTask.Load(_log.Ml, EveryTask.Rows()), o =>
        {
            (o.ExampleWeightColumnName, o.ValidationSet) = ("Weight", EveryTask.Load(_log.Ml, set));
            change?.Invoke(o);
        }));
}
