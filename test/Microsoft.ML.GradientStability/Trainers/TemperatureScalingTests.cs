using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>Networks that learnt noise by heart are told what their certainty is worth, by rows that they did not learn.</summary>
[TestClass]
public sealed class TemperatureScalingTests
{
    private readonly Logged _logged = new();

    public static IEnumerable<object[]> Tasks() => [[EveryTask.Binary], [EveryTask.Multiclass]];

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void Probabilities_are_worth_more_and_no_prediction_changes(string task)
    {
        using var plain = Fit(task, null);
        using var scaled = Fit(task, true);
        Assert.AreEqual(1, plain.Model.Summary.Temperature);
        Assert.IsGreaterThan(1.5, scaled.Model.Summary.Temperature);
        var (before, after) = (Judge(task, plain), Judge(task, scaled));
        Assert.IsLessThan(0.85 * before.Loss, after.Loss);
        Assert.AreEqual(before.Accuracy, after.Accuracy);
    }

    /// <summary>The logit of yes or no is a score.</summary>
    [TestMethod]
    public void Logits_are_divided_by_the_temperature()
    {
        using var plain = Fit(EveryTask.Binary, false);
        using var scaled = Fit(EveryTask.Binary, true);
        var fresh = Noisy(50, seed: 4);
        EveryTask.AreClose([.. EveryTask.Scores(plain, fresh).Select(logit => logit / (float)scaled.Model.Summary.Temperature)], EveryTask.Scores(scaled, fresh), 1e-4);
    }

    [TestMethod]
    public void Rows_that_the_fit_holds_out_tell_it()
    {
        var lines = new List<string>();
        _logged.Ml.Log += (_, e) => lines.Add(e.Message);
        using var scaled = Fit(EveryTask.Binary, true, o => o.ValidationFraction = 0.25);
        Assert.DoesNotContain(line => line.Contains("1 network"), lines, "no trial");
        var summary = scaled.Model.Summary;
        Assert.AreNotEqual(1, summary.Temperature);
        var held = new HeldOutRows(0.25, 3);
        var rows = Rows(200, seed: 2).Where((_, row) => held.Contains(row));
        Assert.AreEqual(Judge(EveryTask.Binary, scaled, _logged.Ml.Data.LoadFromEnumerable(rows)).Loss, summary.ValidationLoss!.Value, 1e-4);
    }

    [TestMethod]
    public void A_choice_of_networks_finds_it_unless_it_is_told_not_to()
    {
        var choice = Network.BestOf(Network.FeedForward(32), Network.FeedForward(32, 32));
        using var found = Fit(EveryTask.Multiclass, null, o => o.Network = choice);
        Assert.IsGreaterThan(1.2, found.Model.Summary.Temperature);
        using var none = Fit(EveryTask.Multiclass, false, o => o.Network = choice);
        Assert.AreEqual(1, none.Model.Summary.Temperature);
    }

    /// <summary>A choice takes its first network then, and no row judges its epochs.</summary>
    [TestMethod]
    [DataRow(2600, 52)]
    [DataRow(20_000, 256)]
    public void Of_many_rows_one_in_50_tells_it_and_256_at_most(int rows, int held)
    {
        using var model = EveryTask.Fit(_logged.Ml, EveryTask.Multiclass, Noisy(rows, seed: 2), o =>
        {
            Options(null)(o);
            (o.Network, o.Epochs) = (Network.BestOf(Network.FeedForward(64, 64), Network.FeedForward(8)), 3);
        });
        var summary = model.Model.Summary;
        Assert.AreNotEqual(1, summary.Temperature);
        Assert.AreEqual(((long)rows - held, 3, default(double?)), (summary.Rows, summary.BestEpoch, summary.ValidationLoss));
    }

    [TestMethod]
    public void Rows_that_stream_need_held_out_ones()
    {
        var rows = Enumerable.Range(0, 2600).Select(i => new WideRow { Features = [.. Enumerable.Range(0, 64).Select(slot => (float)((i * (slot + 1)) % 97))], Yes = i % 3 == 0 });
        var options = EveryTask.Options<DeepNetworkBinaryTrainer.Options>(nameof(WideRow.Yes), o => (o.Epochs, o.MemoryBudget, o.TemperatureScaling) = (1, 1 << 20, true));
        using var none = _logged.Ml.BinaryClassification.Trainers.DeepNetwork(options).Fit(_logged.Ml.Data.LoadFromEnumerable(rows));
        Assert.AreEqual(1, none.Model.Summary.Temperature);
        Assert.Contains(warning => warning.StartsWith("TemperatureScaling: there are no rows in memory", StringComparison.Ordinal), _logged.Warnings);
        _logged.Warnings.Clear();
        options.ValidationFraction = 0.2;
        using var advised = _logged.Ml.BinaryClassification.Trainers.DeepNetwork(options).Fit(_logged.Ml.Data.LoadFromEnumerable(rows));
        Assert.AreNotEqual(1, advised.Model.Summary.Temperature);
        Assert.DoesNotContain(warning => warning.Contains("TemperatureScaling"), _logged.Warnings);
    }

    [TestMethod]
    public void A_label_for_every_step_has_one_too()
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 60).Select(_ => new Steps
        {
            Features = [.. Enumerable.Range(0, 6).Select(_ => random.NextSingle())],
            Label = [.. Enumerable.Range(0, 6).Select(_ => (uint)random.Next(3))],
        }).ToArray();
        var options = new DeepSequenceMulticlassTrainer.Options
        {
            Network = Network.Recurrent(hidden: 32) with { Input = InputShape.Sequence(6, 1) }, Epochs = 60, BatchSize = 16, Seed = 3, TemperatureScaling = true,
        };
        using var model = _logged.Ml.MulticlassClassification.Trainers.DeepSequence(options).Fit(_logged.Ml.Data.LoadFromEnumerable(rows));
        Assert.IsGreaterThan(1.2, model.Model.Summary.Temperature);
    }

    [TestMethod]
    public void Nothing_to_find_it_by_is_a_warning_that_helps()
    {
        using var scaled = Fit(EveryTask.Binary, true);
        Assert.IsEmpty(_logged.Warnings);
        using var further = EveryTask.Fit(_logged.Ml, EveryTask.Binary, Noisy(200, seed: 2), Options(true), scaled);
        Assert.AreEqual(1, further.Model.Summary.Temperature);
        var warning = _logged.Warnings.Single();
        StringAssert.Contains(warning, "TemperatureScaling: training goes on, and no rows were held out");
        StringAssert.Contains(warning, "Set a ValidationFraction");
        _logged.Warnings.Clear();
        using var advised = EveryTask.Fit(_logged.Ml, EveryTask.Binary, Noisy(200, seed: 2), o =>
        {
            Options(true)(o);
            o.ValidationFraction = 0.2;
        }, scaled);
        Assert.AreNotEqual(1, advised.Model.Summary.Temperature);
        Assert.IsEmpty(_logged.Warnings);
    }

    [TestMethod]
    public void A_cancelled_fit_has_none()
    {
        using var source = new CancellationTokenSource();
        using var model = Fit(EveryTask.Binary, true, o =>
        {
            o.CancellationToken = source.Token;
            o.Progress = new EveryTask.Reports(_ => source.Cancel());
        });
        Assert.AreEqual(TrainingEnd.Cancelled, model.Model.Summary.End);
        Assert.AreEqual(1, model.Model.Summary.Temperature);
    }

    private DeepNetworkTransformer Fit(string task, bool? scales, Action<SupervisedOptions>? change = null) => EveryTask.Fit(_logged.Ml, task, Noisy(200, seed: 2), o =>
    {
        Options(scales)(o);
        change?.Invoke(o);
    });

    private static Action<SupervisedOptions> Options(bool? scales) => o =>
    {
        (o.Network, o.Epochs, o.Detectors) = (Network.FeedForward(32, 32), 120, []);
        ((ClassificationOptions)o).TemperatureScaling = scales;
    };

    /// <summary>A label in five is another's.</summary>
    private static EveryTask.Row[] Rows(int count, int seed)
    {
        var rows = EveryTask.Rows(count, seed);
        foreach (var row in rows.Where((_, i) => i % 5 == 0))
            (row.Yes, row.Class) = (!row.Yes, (row.Class + 1) % 3);
        return rows;
    }

    private IDataView Noisy(int count, int seed) => EveryTask.Load(_logged.Ml, Rows(count, seed));

    private (double Loss, double Accuracy) Judge(string task, DeepNetworkTransformer model, IDataView? rows = null)
    {
        var scored = model.Transform(rows ?? Noisy(500, seed: 9));
        if (task == EveryTask.Binary)
        {
            var binary = scored.GetColumn<bool>(nameof(EveryTask.Row.Yes)).Zip(scored.GetColumn<float>("Probability")).ToArray();
            return (binary.Average(row => -Math.Log(row.First ? row.Second : 1 - row.Second)), binary.Average(row => row.Second > 0.5f == row.First ? 1.0 : 0));
        }
        var classes = scored.GetColumn<uint>(nameof(EveryTask.Row.Class)).Zip(scored.GetColumn<float[]>("Score")).ToArray();
        return (classes.Average(row => -Math.Log(row.Second[row.First - 1])), classes.Average(row => row.Second.AsSpan().IndexOf(row.Second.Max()) == row.First - 1 ? 1.0 : 0));
    }

    private sealed class WideRow
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];

        public bool Yes { get; set; }
    }

    private sealed class Steps
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];

        [VectorType(6), KeyType(3)]
        public uint[] Label { get; set; } = [];
    }
}
