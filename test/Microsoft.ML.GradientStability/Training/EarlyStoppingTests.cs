using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Training;

[TestClass]
public sealed class EarlyStoppingTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Labels by chance: what a network learns of them is worth nothing on other rows.</summary>
    private static EveryTask.Row[] Noise(int rows, int seed)
    {
        var random = new Random(seed);
        var data = EveryTask.Rows(rows, seed);
        foreach (var row in data)
            (row.Yes, row.Class, row.Number) = (random.Next(2) == 0, (uint)random.Next(3), (float)random.NextDouble());
        return data;
    }

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(3, 0)]
    [DataRow(4, 0.02)]
    [DataRow(2, 100)]
    public void Patience_and_min_delta_say_when(int patience, double minDelta)
    {
        var reports = new EveryTask.Reports();
        using var model = EveryTask.Fit(_ml, EveryTask.Binary, EveryTask.Load(_ml, Noise(80, 1)), options =>
        {
            options.Epochs = 60;
            options.ValidationFraction = 0.4;
            options.EarlyStopping = EarlyStopping.After(patience, minDelta);
            options.Progress = reports;
        });
        var losses = reports.Seen.Where(r => r.ValidationLoss is not null).Select(r => r.ValidationLoss!.Value).ToArray();
        var (bar, since, end) = (double.PositiveInfinity, 0, 0);
        while (since < patience)
        {
            var loss = losses[end++];
            since = loss < bar - minDelta ? 0 : since + 1;
            bar = since == 0 ? loss : bar;
        }
        var summary = model.Model.Summary;
        Assert.AreEqual(TrainingEnd.StoppedEarly, summary.End);
        Assert.HasCount(end, losses);
        Assert.AreEqual(end, summary.Epochs);
        Assert.AreEqual(1 + Array.IndexOf(losses, losses.Min()), summary.BestEpoch);
        Assert.AreEqual(losses.Min(), summary.ValidationLoss);
        if (minDelta == 100)
            Assert.AreEqual(1 + patience, end);
    }

    [TestMethod]
    public void A_loss_that_keeps_falling_is_given_all_epochs()
    {
        using var model = EveryTask.Fit(_ml, EveryTask.Regression, EveryTask.Load(_ml, EveryTask.Rows()), options =>
        {
            options.Optimizer = Optimizer.Adam(0.0005);
            options.ValidationFraction = 0.2;
            options.EarlyStopping = EarlyStopping.After(5);
        });
        Assert.AreEqual(TrainingEnd.AllEpochs, model.Model.Summary.End);
        Assert.AreEqual(20, model.Model.Summary.Epochs);
    }

    /// <summary>The loss of the given rows by the scores of the model, in double precision, is the best one that was reported.</summary>
    [TestMethod]
    [DataRow(EveryTask.Binary, false, false)]
    [DataRow(EveryTask.Multiclass, false, false)]
    [DataRow(EveryTask.Regression, false, false)]
    [DataRow(EveryTask.Binary, true, false)]
    [DataRow(EveryTask.Multiclass, true, false)]
    [DataRow(EveryTask.Multiclass, false, true)]
    [DataRow(EveryTask.Multiclass, true, true)]
    [DataRow(EveryTask.Regression, true, false)]
    public void The_model_has_the_weights_of_the_best_epoch(string task, bool weighted, bool classWeighted)
    {
        double[] classWeights = [1, 3, 0.5];
        var (training, validation) = (Noise(60, 2), Noise(50, 3));
        using var model = EveryTask.Fit(_ml, task, EveryTask.Load(_ml, training), options =>
        {
            options.ValidationSet = EveryTask.Load(_ml, validation);
            options.Epochs = 30;
            options.ExampleWeightColumnName = weighted ? "Weight" : null;
            if (classWeighted)
                ((DeepNetworkMulticlassTrainer.Options)options).ClassWeights = classWeights;
        });
        var summary = model.Model.Summary;
        Assert.IsLessThan(summary.Epochs, summary.BestEpoch, "noise is learnt by heart before the end");

        var scores = EveryTask.Scores(model, EveryTask.Load(_ml, validation));
        var mean = training.Average(r => (double)r.Number);
        var variance = training.Average(r => (r.Number - mean) * (r.Number - mean));
        double losses = 0, weights = 0, correct = 0, rowWeights = 0;
        foreach (var (row, i) in validation.Select((r, i) => (r, i)))
        {
            var rowWeight = weighted ? row.Weight : 1.0;
            var weight = rowWeight * (classWeighted ? classWeights[row.Class] : 1);
            losses += weight * task switch
            {
                EveryTask.Binary => Math.Log(1 + Math.Exp(row.Yes ? -scores[i] : scores[i])),
                EveryTask.Multiclass => -Math.Log(scores[3 * i + (int)row.Class]),
                _ => (scores[i] - row.Number) * (scores[i] - row.Number) / variance,
            };
            weights += weight;
            rowWeights += rowWeight;
            correct += rowWeight * (task switch
            {
                EveryTask.Binary => scores[i] > 0 == row.Yes,
                EveryTask.Multiclass => scores.AsSpan(3 * i, 3).IndexOf(scores.AsSpan(3 * i, 3).ToArray().Max()) == row.Class,
                _ => false,
            } ? 1 : 0);
        }
        Assert.AreEqual(losses / weights, summary.ValidationLoss!.Value, 1e-4);
        if (task == EveryTask.Regression)
            Assert.IsNull(summary.ValidationAccuracy);
        else
            Assert.AreEqual(correct / rowWeights, summary.ValidationAccuracy!.Value, 1e-6);
    }

    [TestMethod]
    public void Without_held_out_rows_it_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { EarlyStopping = EarlyStopping.After(3) }));
        Assert.AreEqual("EarlyStopping", error.ParamName);
        StringAssert.Contains(error.Message, "ValidationFraction");
        StringAssert.Contains(error.Message, "ValidationSet");
    }

    private sealed class Narrow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];

        public float Number { get; set; }
    }

    private sealed class MoreClasses
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [1, 2, 3];

        [KeyType(4)]
        public uint Class { get; set; }
    }

    private sealed class TextLabel
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [1, 2, 3];

        public string Yes { get; set; } = "yes";
    }

    [TestMethod]
    public void A_validation_set_of_another_schema_is_refused()
    {
        StringAssert.Contains(Refused(EveryTask.Regression, [new Narrow()]), "The ValidationSet has 2 features");
        StringAssert.Contains(Refused(EveryTask.Multiclass, [new MoreClasses()]), "ValidationSet");
        StringAssert.Contains(Refused(EveryTask.Binary, [new TextLabel()]), "Schema mismatch for label column 'Yes': expected Boolean");
        StringAssert.Contains(Refused(EveryTask.Regression, [new TextLabel()]), "Could not find label column 'Number'");

        string Refused<T>(string task, T[] set) where T : class => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            EveryTask.Fit(_ml, task, EveryTask.Load(_ml, EveryTask.Rows()), o => o.ValidationSet = _ml.Data.LoadFromEnumerable(set))).Message;
    }

    /// <summary>The same number of classes, but the keys mean others.</summary>
    [TestMethod]
    public void A_validation_set_whose_keys_mean_other_classes_is_refused()
    {
        var training = Samples.KeyedClusters(_ml);
        var reversed = _ml.Data.LoadFromEnumerable(Samples.Clusters().Reverse());
        var options = Samples.Small();
        options.ValidationSet = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(reversed).Transform(reversed);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(training));
        StringAssert.Contains(error.Message, "ValidationSet");
        StringAssert.Contains(error.Message, "same fitted transforms");
    }

    [TestMethod]
    public void An_empty_validation_set_is_named()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EveryTask.Fit(_ml, EveryTask.Binary, EveryTask.Load(_ml, EveryTask.Rows()),
            o => o.ValidationSet = EveryTask.Load(_ml, [])));
        StringAssert.Contains(error.Message, "ValidationSet");
        StringAssert.Contains(error.Message, "0 rows");
    }

    [TestMethod]
    public void A_bad_row_of_the_validation_set_is_named()
    {
        var rows = EveryTask.Rows(10);
        rows[3].Features[1] = float.NaN;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => EveryTask.Fit(_ml, EveryTask.Binary, EveryTask.Load(_ml, EveryTask.Rows()),
            o => o.ValidationSet = EveryTask.Load(_ml, rows)));
        StringAssert.Contains(error.Message, "Row 4 has the value NaN in slot 1");
    }
}
