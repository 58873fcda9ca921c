using System.Reflection;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

[TestClass]
public sealed class CancellationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void Cancelled_before_its_first_step_a_fit_has_no_model(string task)
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        var error = Assert.ThrowsExactly<OperationCanceledException>(
            () => EveryTask.Fit(_ml, task, data, o => (o.CancellationToken, o.ValidationFraction) = (cancellation.Token, 0.2)));
        Assert.AreEqual(cancellation.Token, error.CancellationToken);
        StringAssert.Contains(error.Message, "before the first training step");
    }

    /// <summary>By the token of the options, or by the context, at a row of a pass: while the data is measured, or while a pool fills.</summary>
    [TestMethod]
    [DataRow(false, 1, 1 << 30)]
    [DataRow(true, 1, 1 << 30)]
    [DataRow(false, 2, 1 << 20)]
    [DataRow(true, 2, 1 << 20)]
    public void A_fit_that_reads_is_cancelled(bool byContext, int pass, int memoryBudget)
    {
        using var cancellation = new CancellationTokenSource();
        var read = 0;
        var data = _ml.Data.LoadFromEnumerable(new Data.Passes(number => Data.Passes.Numbered(number < pass ? Data.Passes.Many : 1_000_000).Select(row =>
        {
            if (number == pass && ++read == 100)
            {
                if (byContext)
                    Cancel(_ml);
                else
                    cancellation.Cancel();
                // The pool is small; it must not be full before the fit that waits for it looks.
                Thread.Sleep(500);
            }
            return row;
        })));
        Assert.ThrowsExactly<OperationCanceledException>(() => EveryTask.Fit(_ml, EveryTask.Binary, data, o =>
            (o.MemoryBudget, o.CancellationToken) = (memoryBudget, cancellation.Token)));
        Assert.IsLessThan(100_000, read);
    }

    [TestMethod]
    public void The_context_ends_a_fit_without_a_model_as_those_of_MLNET()
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        var steps = 0L;
        var error = Assert.ThrowsExactly<OperationCanceledException>(() => EveryTask.Fit(_ml, EveryTask.Binary, data, o =>
        {
            o.ProgressSteps = 1;
            o.Progress = new EveryTask.Reports(p =>
            {
                steps = p.Step;
                if (p.Step == 30)
                    Cancel(_ml);
            });
        }));
        Assert.AreEqual(30, steps);
        StringAssert.Contains(error.Message, "make a new context");

        // What the message says: no trainer works for it any more, ML.NET's neither.
        Assert.ThrowsExactly<OperationCanceledException>(() => EveryTask.Fit(_ml, EveryTask.Binary, data));
        Assert.ThrowsExactly<OperationCanceledException>(() => _ml.Regression.Trainers.Sdca("Number").Fit(data));
        var another = new MLContext(seed: 1);
        using var model = EveryTask.Fit(another, EveryTask.Binary, EveryTask.Load(another, EveryTask.Rows()), o => o.Epochs = 1);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Large_weights_are_given_up_on_the_way(bool byContext)
    {
        using var cancellation = new CancellationTokenSource();
        // Two thirds of the time that the weights take here go by before a cancellation 300 ms after the rows were read.
        var origin = new Origin(Initializer.Orthogonal, new FitRandom(1), new Cancellation(cancellation.Token, () => byContext && cancellation.IsCancellationRequested));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        cancellation.CancelAfter(300);
        Assert.ThrowsExactly<OperationCanceledException>(() => Network.FeedForward(6000).CreateModule(6000, 1, origin).Dispose());
        Assert.IsLessThan(10, clock.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public void Cancelled_while_it_judges_a_fit_keeps_the_best_epoch_until_then()
    {
        using var cancellation = new CancellationTokenSource();
        var passes = 0;
        // One pass measures the held-out rows, each later one judges an epoch.
        var held = new Data.Passes(pass => Data.Passes.Numbered().Select((row, i) =>
        {
            passes = pass;
            if (pass == 4 && i == 500)
                cancellation.Cancel();
            return row;
        }));
        using var model = EveryTask.Fit(_ml, EveryTask.Binary, _ml.Data.LoadFromEnumerable(Data.Passes.Numbered(200)), o =>
        {
            o.MemoryBudget = 1 << 20;
            o.BatchSize = 100;
            o.ValidationSet = _ml.Data.LoadFromEnumerable(held);
            o.CancellationToken = cancellation.Token;
        });
        Assert.AreEqual(TrainingEnd.Cancelled, model.Model.Summary.End);
        Assert.IsLessThanOrEqualTo(3, model.Model.Summary.BestEpoch);
        Assert.IsNotNull(model.Model.Summary.ValidationLoss);
    }

    [TestMethod]
    public void A_range_test_is_cancelled_alike()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        var trainer = _ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes", o => o.CancellationToken = cancellation.Token));
        Assert.ThrowsExactly<OperationCanceledException>(() => trainer.FindLearningRate(data));
        var other = _ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes"));
        Cancel(_ml);
        Assert.ThrowsExactly<OperationCanceledException>(() => other.FindLearningRate(data));
    }

    [TestMethod]
    [DataRow(1 << 30)]
    [DataRow(1 << 20)]
    public void Cancelled_in_an_epoch_it_ends_at_the_next_step(int memoryBudget)
    {
        using var cancellation = new CancellationTokenSource();
        var data = _ml.Data.LoadFromEnumerable(Data.Passes.Numbered());
        using var model = EveryTask.Fit(_ml, EveryTask.Binary, data, o =>
        {
            o.MemoryBudget = memoryBudget;
            o.BatchSize = 100;
            o.CancellationToken = cancellation.Token;
            o.ProgressSteps = 1;
            o.Progress = new EveryTask.Reports(p =>
            {
                if (p.Step == 30)
                    cancellation.Cancel();
            });
        });
        var summary = model.Model.Summary;
        Assert.AreEqual(TrainingEnd.Cancelled, summary.End);
        Assert.AreEqual(30, summary.Steps);
        Assert.AreEqual(2, summary.Epochs);
        Assert.IsTrue(double.IsFinite(summary.Loss));
    }

    [TestMethod]
    public void The_model_is_the_best_one_until_then()
    {
        using var cancellation = new CancellationTokenSource();
        var held = EveryTask.Rows(60, seed: 8);
        var reports = new EveryTask.Reports(p =>
        {
            if (p.Epoch == 6)
                cancellation.Cancel();
        });
        using var model = EveryTask.Fit(_ml, EveryTask.Binary, EveryTask.Load(_ml, EveryTask.Rows()), o =>
        {
            o.ValidationSet = EveryTask.Load(_ml, held);
            o.CancellationToken = cancellation.Token;
            o.ProgressSteps = 5;
            o.Progress = reports;
        });
        var summary = model.Model.Summary;
        var losses = reports.Seen.Where(r => r.ValidationLoss is not null).Select(r => r.ValidationLoss!.Value).ToArray();
        Assert.HasCount(5, losses);
        Assert.AreEqual(TrainingEnd.Cancelled, summary.End);
        Assert.AreEqual(6, summary.Epochs);
        Assert.AreEqual(1 + Array.IndexOf(losses, losses.Min()), summary.BestEpoch);
        var scores = EveryTask.Scores(model, EveryTask.Load(_ml, held));
        Assert.AreEqual(losses.Min(), held.Zip(scores, (r, s) => Math.Log(1 + Math.Exp(r.Yes ? -s : s))).Average(), 1e-4);
    }

    [TestMethod]
    public void Cancelled_by_the_last_report_it_has_had_all_epochs()
    {
        using var cancellation = new CancellationTokenSource();
        using var model = EveryTask.Fit(_ml, EveryTask.Regression, EveryTask.Load(_ml, EveryTask.Rows()), o =>
        {
            o.Epochs = 2;
            o.CancellationToken = cancellation.Token;
            o.Progress = new EveryTask.Reports(p =>
            {
                if (p.Epoch == 2)
                    cancellation.Cancel();
            });
        });
        Assert.AreEqual(TrainingEnd.AllEpochs, model.Model.Summary.End);
    }

    /// <summary>It is not public in ML.NET 5.0; AutoML calls it.</summary>
    private static void Cancel(MLContext context) =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!.Invoke(context, null);
}
