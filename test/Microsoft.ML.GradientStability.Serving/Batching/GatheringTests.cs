using System.Diagnostics;

namespace Microsoft.ML.GradientStability.Serving.Tests.Batching;

[TestClass]
[DoNotParallelize]
public sealed class GatheringTests
{
    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public async Task Callers_at_a_time_share_runs_and_each_gets_its_own_prediction()
    {
        const int Callers = 64, Calls = 50;
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier(), "gathered.onnx"));
        using var measured = new Measured("gathered.onnx");
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var i = 0; i < Calls; i++)
            {
                float[] features = [random.NextSingle() * 4, random.NextSingle() * 4, random.NextSingle() * 4, caller];
                PredictorTests.Near(TestModels.Softmax(features), (await predictor.PredictAsync(features)));
            }
        })));
        var runs = measured.Values("onnx_predictor.run.rows");
        Assert.AreEqual(Callers * Calls, runs.Sum());
        Assert.IsLessThan(Callers * Calls / 4, runs.Length, "a run had fewer than 4 rows on average");
        Assert.AreEqual(Callers * Calls, measured.Values("onnx_predictor.rows", "scored").Sum());
        Assert.AreEqual(0, measured.Values("onnx_predictor.queue.rows").Sum());
        Assert.HasCount(Callers * Calls, measured.Values("onnx_predictor.queue.duration"));
        Assert.HasCount(runs.Length, measured.Values("onnx_predictor.run.duration"));
    }

    [TestMethod]
    public async Task No_run_is_larger_than_allowed_and_many_rows_are_spread_over_runs_in_order()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier(), "parts.onnx"), new() { MaxBatchSize = 10, RunsPerDevice = 2 });
        using var measured = new Measured("parts.onnx");
        var rows = predictor.Rent(95);
        for (var row = 0; row < 95; row++)
            rows.Values<float>(row, "Features")[row % 3] = row + 1;
        var predictions = await predictor.PredictAsync(rows);
        for (var row = 0; row < 95; row++)
            Assert.AreEqual(predictor.Schema.Classes[row % 3], predictions[row].Label);
        CollectionAssert.AreEquivalent(Enumerable.Repeat(10.0, 9).Append(5).ToArray(), measured.Values("onnx_predictor.run.rows"));
    }

    /// <summary>Whether a run is idle is its thread's matter, so of some calls one has to be shared as it should.</summary>
    [TestMethod]
    [DataRow(100, 50)]
    [DataRow(25, 16)]
    [DataRow(16, 16)]
    public async Task Runs_that_are_idle_share_rows_that_are_enough_for_all(int rows, int largest)
    {
        var name = $"shared{rows}.onnx";
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier(), name), new() { RunsPerDevice = 2 });
        var seen = new List<double>();
        for (var call = 0; call < 20; call++)
        {
            await Task.Delay(20);
            using var measured = new Measured(name);
            await predictor.PredictAsync(predictor.Rent(rows));
            var runs = measured.Values("onnx_predictor.run.rows");
            Assert.AreEqual(rows, runs.Sum());
            seen.Add(runs.Max());
        }
        CollectionAssert.Contains(seen, (double)largest);
    }

    [TestMethod]
    public async Task A_caller_who_is_alone_does_not_wait_for_others()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()), new() { MaxDelay = TimeSpan.FromSeconds(1) });
        await predictor.PredictAsync([1, 0, 0, 0]);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
            await predictor.PredictAsync([1, 0, 0, 0]);
        Assert.IsLessThan(1000, clock.ElapsedMilliseconds, "each would have waited for 1 s");
    }

    [TestMethod]
    public async Task A_row_waits_for_others_no_longer_than_the_delay()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier(), "delayed.onnx"), new() { MaxDelay = TimeSpan.FromMilliseconds(300), RunsPerDevice = 1 });
        using var measured = new Measured("delayed.onnx");
        // Several callers in the last run, so that the next one expects as many; on a busy machine they may come too late for that, and come again.
        do
        {
            var first = predictor.PredictAsync(predictor.Rent(256 * 40)).AsTask();
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => predictor.PredictAsync([i, 0, 0, 0]).AsTask()).Append(first.ContinueWith(_ => default(Prediction))));
        }
        while (measured.Values("onnx_predictor.run.rows").Last() < 2);
        var clock = Stopwatch.StartNew();
        await predictor.PredictAsync([1, 0, 0, 0]);
        Assert.IsInRange(290, 2000, clock.ElapsedMilliseconds);
    }

    [TestMethod]
    public async Task A_full_queue_refuses_and_goes_on()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Network(64, 256, 3), "full.onnx"), new() { QueueLimit = 10, MaxBatchSize = 1 });
        using var measured = new Measured("full.onnx");
        var features = new float[64];
        var calls = Enumerable.Range(0, 500).Select(_ => predictor.PredictAsync(features).AsTask()).ToArray();
        var refused = 0;
        foreach (var call in calls)
            try
            {
                await call;
            }
            catch (PredictionQueueFullException e)
            {
                StringAssert.Contains(e.Message, "QueueLimit = 10");
                refused++;
            }
        Assert.IsInRange(1, calls.Length - 10, refused, "what fits the queue is never refused");
        Assert.AreEqual(refused, measured.Values("onnx_predictor.rows", "refused").Sum());
        Assert.IsNotNull((await predictor.PredictAsync(features)).Label);
        Assert.AreEqual(20, (await predictor.PredictAsync(predictor.Rent(20))).Count, "alone, more rows than the limit are taken");
    }

    [TestMethod]
    public async Task A_call_that_is_cancelled_ends_at_once_and_its_rows_are_not_scored()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Network(64, 256, 3), "cancelled.onnx"), new() { RunsPerDevice = 1, MaxBatchSize = 32, QueueLimit = 100_000 });
        using var measured = new Measured("cancelled.onnx");
        using var cancellation = new CancellationTokenSource();
        var running = predictor.PredictAsync(predictor.Rent(3200)).AsTask();
        var waiting = predictor.PredictAsync(predictor.Rent(50_000), cancellation.Token).AsTask();
        var behind = predictor.PredictAsync(new float[64]).AsTask();
        await cancellation.CancelAsync();
        var cancelled = await Assert.ThrowsExactlyAsync<OperationCanceledException>(() => waiting);
        Assert.AreEqual(cancellation.Token, cancelled.CancellationToken);
        await Assert.ThrowsExactlyAsync<OperationCanceledException>(() => predictor.PredictAsync(new float[64], cancellation.Token).AsTask());
        await running;
        await behind;
        Assert.AreEqual(50_001, measured.Values("onnx_predictor.rows", "canceled").Sum());
        Assert.IsLessThan(3200 + 50_000, measured.Values("onnx_predictor.run.rows").Sum());
        Assert.AreEqual(0, measured.Values("onnx_predictor.queue.rows").Sum());
    }

    [TestMethod]
    public async Task Calls_that_are_cancelled_at_random_never_disturb_the_others()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var i = 0; i < 300; i++)
            {
                using var cancellation = new CancellationTokenSource();
                var rows = predictor.Rent(random.Next(1, 5));
                for (var row = 0; row < rows.Count; row++)
                    rows.Values<float>(row, "Features")[caller % 3] = 5;
                var prediction = predictor.PredictAsync(rows, cancellation.Token).AsTask();
                if (random.Next(2) == 0)
                    await cancellation.CancelAsync();
                try
                {
                    var predictions = await prediction;
                    for (var row = 0; row < predictions.Count; row++)
                        Assert.AreEqual(predictor.Schema.Classes[caller % 3], predictions[row].Label);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    // Half of them.
                }
            }
        })));
    }

    [TestMethod]
    public async Task A_row_that_the_model_fails_on_fails_alone()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Table(), "table.onnx"), new() { MaxDelay = TimeSpan.FromMilliseconds(20) });
        using var measured = new Measured("table.onnx");
        async Task<float> Predict(long key)
        {
            var rows = predictor.Rent();
            rows.Values<long>(0, "Key")[0] = key;
            return (await predictor.PredictAsync(rows))[0].Score[0];
        }
        var calls = Enumerable.Range(0, 200).Select(i => Predict(i % 5)).ToArray();
        for (var i = 0; i < calls.Length; i++)
            if (i % 5 < 4)
                Assert.AreEqual(10 + i % 5, await calls[i]);
            else
                Assert.AreEqual(0, (await Assert.ThrowsExactlyAsync<PredictionException>(() => calls[i])).Row);
        Assert.AreEqual(40, measured.Values("onnx_predictor.rows", "failed").Sum());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    [DataRow(6)]
    public async Task Of_many_rows_the_one_that_is_to_blame_is_named(int bad)
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Table()));
        var rows = predictor.Rent(7);
        rows.Values<long>(bad, "Key")[0] = 1_000_000;
        var failure = await Assert.ThrowsExactlyAsync<PredictionException>(() => predictor.PredictAsync(rows).AsTask());
        Assert.AreEqual(bad, failure.Row);
        StringAssert.StartsWith(failure.Message, $"The model fails on row {bad}: ");
    }

    [TestMethod]
    public async Task A_prediction_allocates_its_result_and_nothing_else()
    {
        const int Calls = 2000;
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()));
        var features = new float[] { 1, 2, 3, 4 };
        long Allocated(int calls)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < calls; i++)
            {
                var call = predictor.PredictAsync(features);
                // Waiting by turns allocates nothing, unlike a task made of the call.
                while (!call.IsCompleted)
                    Thread.Yield();
                _ = call.Result;
            }
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        Allocated(Calls);
        // What a prediction allocates it allocates every time; what else the process does, now and then. Score takes 16 bytes and PredictedLabel 8, in an array with a header of 24; the object holds a header and six fields.
        const int Result = 24 + 24 + 64;
        Assert.IsLessThan(Result + 8, Enumerable.Range(0, 5).Min(_ => Allocated(Calls)) / (double)Calls);
    }
}
