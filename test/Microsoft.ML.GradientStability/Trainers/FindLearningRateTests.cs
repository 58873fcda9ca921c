using Microsoft.ML.GradientStability.Tests.Data;
using Microsoft.ML.GradientStability.Tests.Training;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

[TestClass]
public sealed class FindLearningRateTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow("adam")]
    [DataRow("sgd")]
    public void Digits_are_learnt_at_the_suggested_rate_and_not_at_a_thousandth_of_it(string optimizer)
    {
        var digits = Samples.KeyedDigits(_ml);
        var curve = Trainer(1).FindLearningRate(digits);
        var rate = curve.Suggestion!.Value;
        var (suggested, slow) = (Loss(rate), Loss(rate / 1000));
        Assert.IsLessThan(0.3, suggested);
        Assert.IsGreaterThan(2, slow);

        double Loss(double learningRate)
        {
            using var model = Trainer(learningRate).Fit(digits);
            return model.Model.Summary.Loss;
        }

        DeepNetworkMulticlassTrainer Trainer(double learningRate) => _ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward(64),
            Optimizer = optimizer == "adam" ? Optimizer.Adam(learningRate) : Optimizer.Sgd(learningRate),
            LabelSmoothing = 0,
            Epochs = 3,
            Seed = 2,
        });
    }

    [TestMethod]
    public void Rates_grow_by_the_same_factor_from_the_lowest_to_the_highest()
    {
        var curve = Find(EveryTask.Binary, _ => { }, 1e-7, 1e-3, 41);
        Assert.HasCount(41, curve.Points);
        for (var i = 0; i < 41; i++)
            Assert.AreEqual(-7 + i / 10.0, Math.Log10(curve.Points[i].LearningRate), 1e-9);
        Assert.IsNull(curve.EarlyEnd);
    }

    /// <summary>All but the same rate throughout is a fit of one epoch: the same rows held out, the same order, dropout and clipping.</summary>
    [TestMethod]
    [DataRow(1, true)]
    [DataRow(2, true)]
    [DataRow(1, false)]
    public void At_a_constant_rate_the_losses_are_those_of_a_fit(int accumulationSteps, bool shuffle)
    {
        const double rate = 0.01;
        var losses = new Fits.StepLosses();
        void Change(SupervisedOptions options)
        {
            options.Network = Network.FeedForward(8) with { Dropout = 0.2 };
            options.Optimizer = Optimizer.Adam(rate);
            options.Clipping = GradientClipper.Norm(0.1);
            options.AccumulationSteps = accumulationSteps;
            options.BatchSize = 4;
            options.Epochs = 1;
            options.Shuffle = shuffle;
            options.ValidationFraction = 0.2;
            options.Progress = losses;
            options.ProgressSteps = 1;
        }
        EveryTask.Fit(_ml, EveryTask.Binary, Data, Change).Dispose();
        var steps = losses.Losses.Count;
        Assert.IsGreaterThanOrEqualTo(20, steps);

        var curve = Find(EveryTask.Binary, Change, rate, rate * (1 + 1e-12), steps);
        Assert.HasCount(steps, losses.Losses, "the test reports no progress of training");
        Assert.HasCount(steps, curve.Points);
        for (var step = 0; step < steps; step++)
            Assert.AreEqual(losses.Losses[step], curve.Points[step].Loss, 1e-9, $"step {step}");
    }

    [TestMethod]
    public void A_loss_that_explodes_ends_the_test_early()
    {
        var curve = Find(EveryTask.Regression, options => options.Optimizer = Optimizer.Sgd(), highest: 1e3);
        Assert.AreEqual("the loss had risen to 4 times its lowest", curve.EarlyEnd);
        Assert.IsLessThan(100, curve.Points.Count);
        Assert.IsLessThan(curve.Points[^1].LearningRate, curve.Suggestion!.Value);
        var lowest = curve.Points.Skip(10).Min(p => p.SmoothedLoss);
        Assert.IsGreaterThan(4 * lowest, curve.Points[^1].SmoothedLoss);
        Assert.IsTrue(curve.Points.SkipLast(1).All(p => p.SmoothedLoss <= 4 * lowest || p.LearningRate < curve.Suggestion));
    }

    [TestMethod]
    public void A_loss_that_is_no_number_ends_the_test_and_is_no_point()
    {
        var curve = Find(EveryTask.Regression, options =>
        {
            options.Network = Network.FeedForward(8, 8) with { Normalization = Normalization.None };
            options.Optimizer = Optimizer.Sgd();
            options.Clipping = GradientClipper.None;
        }, lowest: 1e20, highest: 1e30);
        Assert.AreEqual("the loss or its gradient was NaN or infinite", curve.EarlyEnd);
        Assert.IsTrue(curve.Points.All(p => double.IsFinite(p.Loss) && double.IsFinite(p.SmoothedLoss)));
        Assert.IsNull(curve.Suggestion);
        StringAssert.Contains(curve.Problem, "too few to judge: the loss or its gradient was NaN or infinite");
    }

    [TestMethod]
    public void No_detector_ends_it() => Assert.IsNotNull(Find(EveryTask.Binary, options => options.Detectors = [Detector.ExplodingGradient with { MaxNorm = 1e-9 }]).Suggestion);

    [TestMethod]
    public void The_same_seed_gives_the_same_curve_and_another_seed_another()
    {
        CollectionAssert.AreEqual(Points(5), Points(5));
        CollectionAssert.AreNotEqual(Points(5), Points(6));

        LearningRatePoint[] Points(int seed) => [.. Find(EveryTask.Multiclass, options => options.Seed = seed).Points];
    }

    [TestMethod]
    public void A_fit_afterwards_gives_the_same_model_as_without()
    {
        var trainer = _ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small());
        var data = Samples.KeyedClusters(_ml);
        using var before = trainer.Fit(data);
        trainer.FindLearningRate(data);
        using var after = trainer.Fit(data);
        CollectionAssert.AreEqual(before.Onnx.ToArray(), after.Onnx.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void Every_task_has_a_curve_and_weights_count_in_it(string task)
    {
        var plain = Find(task, _ => { });
        Assert.IsInRange(1e-3, 0.3, plain.Suggestion!.Value);
        var weighted = Find(task, options => options.ExampleWeightColumnName = "Weight");
        Assert.AreNotEqual(plain.Points[0].Loss, weighted.Points[0].Loss);
        Assert.IsInRange(1e-3, 0.3, weighted.Suggestion!.Value);
    }

    [TestMethod]
    public void An_autoencoder_has_a_curve()
    {
        var trainer = _ml.Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options { Network = Network.FeedForward(16), EmbeddingSize = 2, BatchSize = 16, Seed = 1 });
        var curve = trainer.FindLearningRate(Data);
        Assert.IsInRange(1e-3, 0.3, curve.Suggestion!.Value);
    }

    [TestMethod]
    public void In_the_order_of_the_data_streamed_and_cached_rows_give_the_same_curve()
    {
        CollectionAssert.AreEqual(Points(1 << 30, shuffle: false), Points(1 << 20, shuffle: false));
        Assert.HasCount(50, Points(1 << 20, shuffle: true));

        // 2100 rows are 33 steps an epoch, so that a second one begins.
        LearningRatePoint[] Points(long budget, bool shuffle) => [.. Find(EveryTask.Binary, options =>
        {
            options.BatchSize = 64;
            options.MemoryBudget = budget;
            options.Shuffle = shuffle;
        }, highest: 1e-2, steps: 50, data: _ml.Data.LoadFromEnumerable(Passes.Numbered())).Points];
    }

    [TestMethod]
    public void Cancelled_it_ends_at_the_next_step()
    {
        using var cancellation = new CancellationTokenSource();
        // The first pass measures the data; in the second the rows of some steps are read.
        var data = _ml.Data.LoadFromEnumerable(new Passes(pass => Passes.Numbered().Select((row, i) =>
        {
            if (pass == 2 && i == 1500)
                cancellation.Cancel();
            return row;
        })));
        void Change(SupervisedOptions options)
        {
            options.BatchSize = 10;
            options.MemoryBudget = 1 << 20;
            options.Shuffle = false;
            options.CancellationToken = cancellation.Token;
        }
        var curve = Find(EveryTask.Binary, Change, 1e-6, 1e-5, steps: 200, data);
        Assert.AreEqual("it was cancelled", curve.EarlyEnd);
        Assert.IsInRange(100, 150, curve.Points.Count);

        Assert.ThrowsExactly<OperationCanceledException>(() => Find(EveryTask.Binary, Change, data: data));
    }

    [TestMethod]
    public void Bad_arguments_are_refused_by_name()
    {
        Refused<ArgumentNullException>("input", trainer => trainer.FindLearningRate(null!));
        Refused<ArgumentOutOfRangeException>("lowest", trainer => trainer.FindLearningRate(Data, lowest: 0));
        Refused<ArgumentOutOfRangeException>("highest", trainer => trainer.FindLearningRate(Data, lowest: 1, highest: 1));
        Refused<ArgumentOutOfRangeException>("highest", trainer => trainer.FindLearningRate(Data, highest: double.PositiveInfinity));
        Refused<ArgumentOutOfRangeException>("steps", trainer => trainer.FindLearningRate(Data, steps: 19));
        Refused<ArgumentOutOfRangeException>("inputSchema", trainer => trainer.FindLearningRate(_ml.Data.LoadFromEnumerable(Samples.Clusters())));

        void Refused<T>(string parameter, Action<DeepNetworkRegressionTrainer> call) where T : ArgumentException =>
            Assert.AreEqual(parameter, Assert.ThrowsExactly<T>(() => call(_ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { LabelColumnName = "Number" }))).ParamName);
    }

    [TestMethod]
    public void The_log_gets_the_curve()
    {
        var lines = new List<string>();
        _ml.Log += (_, e) => lines.Add(e.RawMessage ?? "");
        var curve = Find(EveryTask.Binary, _ => { });
        CollectionAssert.Contains(lines, curve.ToString());
    }

    private IDataView Data => EveryTask.Load(_ml, EveryTask.Rows());

    private LearningRateCurve Find(string task, Action<SupervisedOptions> change, double lowest = 1e-6, double highest = 10, int steps = 100, IDataView? data = null)
    {
        data ??= Data;
        return task switch
        {
            EveryTask.Binary => _ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes", change)).FindLearningRate(data, lowest, highest, steps),
            EveryTask.Multiclass => _ml.MulticlassClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkMulticlassTrainer.Options>("Class", change)).FindLearningRate(data, lowest, highest, steps),
            _ => _ml.Regression.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkRegressionTrainer.Options>("Number", change)).FindLearningRate(data, lowest, highest, steps),
        };
    }
}
