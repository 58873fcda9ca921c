namespace Microsoft.ML.GradientStability.Tests.Trainers;

[TestClass]
public sealed class CancellationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void Cancelled_before_it_begins_a_fit_takes_no_step(string task)
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = EveryTask.Fit(_ml, task, data, o => (o.CancellationToken, o.ValidationFraction) = (cancellation.Token, 0.2));
        var summary = model.Model.Summary;
        Assert.AreEqual(TrainingEnd.Cancelled, summary.End);
        Assert.AreEqual(0, summary.Steps);
        Assert.IsNull(summary.ValidationLoss);
        Assert.IsTrue(EveryTask.Scores(model, data).All(float.IsFinite));
        CollectionAssert.AreEqual(EveryTask.Scores(model, data), EveryTask.Scores(EveryTask.SaveAndLoad(model, data.Schema), data));
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
}
