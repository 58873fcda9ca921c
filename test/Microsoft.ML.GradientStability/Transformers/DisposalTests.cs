using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Transformers;

/// <summary>Whoever disposes of a network while others score ends nothing but the network.</summary>
[TestClass]
public sealed class DisposalTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }

    private DeepNetworkTransformer Fit(out IDataView data)
    {
        data = EveryTask.Load(_ml, EveryTask.Rows(2000));
        return EveryTask.Fit(_ml, EveryTask.Multiclass, data, o => (o.Epochs, o.Network) = (1, Network.FeedForward(64, 64)));
    }

    [TestMethod]
    public void Running_batches_finish_and_later_ones_are_told()
    {
        for (var round = 0; round < 10; round++)
        {
            using var model = Fit(out var data);
            var expected = EveryTask.Scores(model, data);
            using var started = new CountdownEvent(4);
            var scorers = Enumerable.Range(0, 4).Select(i => Task.Factory.StartNew(() => i < 2 ? InBatches(model, data) : OneByOne(model), TaskCreationOptions.LongRunning)).ToArray();
            started.Wait();
            Thread.Sleep(round);
            model.Dispose();
            Task.WaitAll(scorers);
            foreach (var scorer in scorers)
                StringAssert.Contains(scorer.Result.Message, "PredictionEngineOptions.OwnsTransformer");
            Assert.ThrowsExactly<ObjectDisposedException>(() => EveryTask.Scores(model, data));

            ObjectDisposedException InBatches(DeepNetworkTransformer scored, IDataView rows)
            {
                started.Signal();
                return Until(() => CollectionAssert.AreEqual(expected, EveryTask.Scores(scored, rows)));
            }

            ObjectDisposedException OneByOne(DeepNetworkTransformer scored)
            {
                // Not disposed of: that is for the garbage collector, after the session is gone.
                var engine = new MLContext().Model.CreatePredictionEngine<EveryTask.Row, Answer>(scored, new PredictionEngineOptions { OwnsTransformer = false });
                var row = EveryTask.Rows(1)[0];
                started.Signal();
                return Until(() => Assert.AreEqual(1, engine.Predict(row).Score.Sum(), 1e-5));
            }
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>Calls an action again and again, until the network is gone.</summary>
    private static ObjectDisposedException Until(Action action)
    {
        while (true)
            try
            {
                action();
            }
            catch (ObjectDisposedException gone)
            {
                return gone;
            }
    }

    [TestMethod]
    public void A_cursor_that_is_open_stops_at_its_next_batch()
    {
        using var model = Fit(out var data);
        var view = model.Transform(data);
        using var cursor = view.GetRowCursor([view.Schema["Score"]]);
        Assert.IsTrue(cursor.MoveNext());
        model.Dispose();
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() =>
        {
            while (cursor.MoveNext())
            {
            }
        });
    }

    [TestMethod]
    public void A_cursor_or_row_that_is_disposed_of_while_it_scores_ends_alone()
    {
        using var model = Fit(out var data);
        using var scorer = new OnnxScorer(model.Onnx.ToArray(), threads: 1);
        for (var round = 0; round < 50; round++)
        {
            var batch = new OnnxScorer.Batch(scorer, 128);
            var running = Task.Run(() => Until(batch.Run));
            Thread.Sleep(1);
            batch.Dispose();
            Assert.IsNotNull(running.Result);
        }
        using var again = new OnnxScorer.Batch(scorer, 1);
        again.Run();
    }

    [TestMethod]
    public void What_needs_no_session_works_on()
    {
        var model = Fit(out var data);
        var expected = EveryTask.Scores(model, data);
        model.Dispose();
        Assert.IsNotNull(model.GetDeepNetworkOptions());
        using var loaded = (IDisposable)EveryTask.SaveAndLoad(model, data.Schema);
        EveryTask.AreClose(expected, EveryTask.Scores((ITransformer)loaded, data), 1e-6);
    }

    [TestMethod]
    public void Released_once_by_the_last_that_leaves()
    {
        for (var round = 0; round < 200; round++)
        {
            var (released, inside, early) = (0, 0, 0);
            SharedUse use = null!;
            use = new SharedUse(() =>
            {
                Interlocked.Increment(ref released);
                Interlocked.Add(ref early, Volatile.Read(ref inside));
            });
            Parallel.For(0, 8, i =>
            {
                for (var call = 0; call < 100; call++)
                {
                    if (i == 0 && call == 50)
                        use.End();
                    if (!use.TryEnter())
                        continue;
                    Interlocked.Increment(ref inside);
                    Interlocked.Decrement(ref inside);
                    use.Leave();
                }
            });
            use.End();
            Assert.IsFalse(use.TryEnter());
            Assert.AreEqual(1, released);
            Assert.AreEqual(0, early);
        }
    }
}
