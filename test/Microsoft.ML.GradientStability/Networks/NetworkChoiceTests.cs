using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Tests.Data;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>Of several networks the one that predicts held-out rows best.</summary>
[TestClass]
public sealed class NetworkChoiceTests
{
    /// <summary>One unit behind which nearly everything is dropped, and a network that can learn.</summary>
    private static readonly FeedForwardNetwork s_weak = Network.FeedForward(1) with { Dropout = 0.9, Normalization = Normalization.None }, s_able = Network.FeedForward(32);

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Every_candidate_is_held_against_the_other_options()
    {
        var options = new DeepNetworkBinaryTrainer.Options { Network = Network.BestOf(s_able, s_able with { Normalization = Normalization.Batch }), BatchSize = 1 };
        Assert.Contains(conflict => conflict is { Severity: Severity.Error, Option: "BatchSize" }, options.Conflicts());
    }

    public static IEnumerable<object[]> Orders() => EveryTask.All().SelectMany(task => new object[][] { [task[0], true], [task[0], false] });

    [TestMethod]
    [DynamicData(nameof(Orders))]
    public void The_better_one_is_trained(string task, bool weakFirst)
    {
        var lines = new List<string>();
        _ml.Log += (_, e) => lines.Add(e.Message);
        using var model = Fit(task, EveryTask.Rows(), weakFirst ? Network.BestOf(s_weak, s_able) : Network.BestOf(s_able, s_weak));
        Assert.AreEqual(s_able, model.Model.Network);
        Assert.AreEqual(s_able, model.Model.Options.Network);
        var line = lines.Single(line => line.Contains("Of 2 networks"));
        StringAssert.Contains(line, $"number {(weakFirst ? 2 : 1)}: after training on 160 rows the losses on 40 others are ");
        Assert.HasCount(20, lines.Where(line => line.Contains("epoch ")).ToArray(), "trials are not reported");
    }

    /// <summary>The first stands for rows with little noise, which are learnt for longer, in its trial too.</summary>
    [TestMethod]
    [DataRow(EveryTask.Regression, true, 100, DisplayName = "100 passes")]
    [DataRow(EveryTask.Regression, false, 43, DisplayName = "300 steps of 7")]
    [DataRow(EveryTask.Binary, true, 43, DisplayName = "three times 100 steps of 7")]
    [DataRow(EveryTask.Binary, false, 15, DisplayName = "100 steps of 7")]
    public void The_first_learns_for_longer(string task, bool isFirst, int epochs)
    {
        var choice = isFirst ? Network.BestOf(s_able, s_weak) : Network.BestOf(s_weak, s_able);
        using var model = Fit(task, EveryTask.Rows(), choice, o => (o.Epochs, o.BatchSize) = (null, null));
        Assert.AreEqual(s_able, model.Model.Network);
        Assert.AreEqual(epochs, model.Model.Options.Epochs);
    }

    /// <summary>Noise alone: what learns nothing is better than what learns it by heart.</summary>
    [TestMethod]
    public void Rows_decide_and_not_the_networks()
    {
        var random = new Random(8);
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Number = (float)random.NextDouble();
        using var model = Fit(EveryTask.Regression, rows, Network.BestOf(s_able, s_weak));
        Assert.AreEqual(s_weak, model.Model.Network);
    }

    [TestMethod]
    public void Of_two_that_are_as_good_the_later_is_taken()
    {
        var same = s_able with { Dropout = 1e-9 };
        using var plain = Fit(EveryTask.Regression, EveryTask.Rows(), Network.BestOf(same, s_able));
        Assert.AreEqual(s_able, plain.Model.Network);
        using var other = Fit(EveryTask.Regression, EveryTask.Rows(), Network.BestOf(s_able, same));
        Assert.AreEqual(same, other.Model.Network);
    }

    [TestMethod]
    public void The_chosen_one_is_trained_as_if_it_were_alone()
    {
        using var chosen = Fit(EveryTask.Multiclass, EveryTask.Rows(), Network.BestOf(s_weak, s_able), o => ((ClassificationOptions)o).TemperatureScaling = false);
        using var alone = Fit(EveryTask.Multiclass, EveryTask.Rows(), s_able);
        var data = EveryTask.Load(_ml, EveryTask.Rows(50, seed: 9));
        CollectionAssert.AreEqual(EveryTask.Scores(alone, data), EveryTask.Scores(chosen, data));
    }

    [TestMethod]
    public void Of_many_rows_and_of_rows_that_stream_the_first_is_taken()
    {
        using var many = Fit(EveryTask.Regression, EveryTask.Rows(NetworkChoice.MostRows + 1), Network.BestOf(s_weak, s_able), o => o.Epochs = 1);
        Assert.AreEqual(s_weak, many.Model.Network);
        var rows = Enumerable.Range(0, NetworkChoice.MostRows).Select(i => new WideRow { Features = [.. Enumerable.Range(0, 64).Select(slot => (float)((i * (slot + 1)) % 97))], Number = i % 97 });
        using var streamed = _ml.Regression.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkRegressionTrainer.Options>("Number", o =>
            (o.Network, o.Epochs, o.MemoryBudget) = (Network.BestOf(s_weak, s_able), 1, 1 << 20))).Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.AreEqual(s_weak, streamed.Model.Network);
    }

    [TestMethod]
    public void Of_few_wide_sparse_rows_the_last_is_taken()
    {
        using var model = EveryTask.Fit(_ml, EveryTask.Regression, _ml.Data.LoadFromEnumerable(WideRows.Of(200)), o => o.Network = Network.BestOf(s_able, s_weak));
        Assert.AreEqual(s_weak, model.Model.Network);
    }

    /// <summary>Rows that the fit holds out have no part in the choice, nor does it judge by all the others.</summary>
    [TestMethod]
    public void Held_out_rows_stay_held_out()
    {
        using var model = Fit(EveryTask.Regression, EveryTask.Rows(), Network.BestOf(s_weak, s_able), o => o.ValidationFraction = 0.25);
        Assert.AreEqual(s_able, model.Model.Network);
        Assert.AreEqual(150, model.Model.Summary.Rows);
        Assert.IsNotNull(model.Model.Summary.ValidationLoss);
    }

    [TestMethod]
    public void Training_goes_on_with_the_network_that_was_chosen()
    {
        var choice = Network.BestOf(s_weak, s_able with { Ensemble = null });
        using var model = Fit(EveryTask.Regression, EveryTask.Rows(), choice);
        using var further = EveryTask.Fit(_ml, EveryTask.Regression, EveryTask.Load(_ml, EveryTask.Rows(seed: 6)), o => o.Network = choice, model);
        Assert.AreEqual(s_able with { Ensemble = 4 }, further.Model.Network);
    }

    [TestMethod]
    public void A_cancelled_choice_is_a_cancelled_fit()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => Fit(EveryTask.Binary, EveryTask.Rows(), Network.BestOf(s_weak, s_able), o => o.CancellationToken = source.Token));
    }

    [TestMethod]
    public void It_is_written_as_JSON()
    {
        var options = new DeepNetworkBinaryTrainer.Options { Network = Network.BestOf(s_weak, Network.Convolutional(4)) };
        Assert.AreEqual(options.Network, DeepNetworkOptions.FromJson(options.ToJson()).Network);
        Assert.AreEqual($"best of {s_weak} or {Network.Convolutional(4)}", options.Network.ToString());
    }

    private DeepNetworkTransformer Fit(string task, EveryTask.Row[] rows, Network network, Action<SupervisedOptions>? change = null) => EveryTask.Fit(_ml, task, EveryTask.Load(_ml, rows), o =>
    {
        o.Network = network;
        change?.Invoke(o);
    });

    private sealed class WideRow
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }
    }
}
