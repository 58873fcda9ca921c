using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Data;

/// <summary>Data beyond the memory budget streams, and nothing else changes.</summary>
[TestClass]
[DoNotParallelize]
public sealed class StreamingTests
{
    private const long Small = 1 << 20, Large = 1 << 30;

    private readonly MLContext _ml = new(seed: 1);

    public static IEnumerable<object[]> Cases() =>
        from task in new[] { EveryTask.Binary, EveryTask.Multiclass, EveryTask.Regression }
        from fraction in new[] { 0, 0.15 }
        from weighted in new[] { false, true }
        select new object[] { task, fraction, weighted };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void In_the_order_of_the_data_streamed_and_cached_rows_give_the_same_model(string task, double fraction, bool weighted)
    {
        CollectionAssert.AreEqual(Fit(Large), Fit(Small));

        byte[] Fit(long budget)
        {
            using var model = EveryTask.Fit(_ml, task, _ml.Data.LoadFromEnumerable(Passes.Numbered()), options =>
            {
                Brief(options, budget);
                options.Shuffle = false;
                options.ValidationFraction = fraction;
                options.ExampleWeightColumnName = weighted ? "Weight" : null;
            });
            return model.Onnx.ToArray();
        }
    }

    [TestMethod]
    [DataRow(Small, true)]
    [DataRow(Large, false)]
    public void The_budget_decides(long budget, bool streams)
    {
        var view = _ml.Data.LoadFromEnumerable(Passes.Numbered());
        Assert.AreEqual(streams, TrainingData.Read(view, Columns.Bind(view.Schema), default, budget, Cancellation.None).Streams);
        var lines = new List<string>();
        _ml.Log += (_, e) => lines.Add(e.RawMessage ?? "");
        EveryTask.Fit(_ml, EveryTask.Binary, view, o => Brief(o, budget)).Dispose();
        Assert.AreEqual(streams, lines.Any(l => l.Contains("2100 training rows (streamed), 0 held out")));
    }

    [TestMethod]
    [DataRow(16, 100)]
    [DataRow(64, 64)]
    [DataRow(1, 10)]
    [DataRow(1000, 2100)]
    [DataRow(int.MaxValue, 2100)]
    public void Shuffled_every_row_comes_exactly_once_an_epoch(int batchSize, int poolRows)
    {
        using var batches = Streamed(_ml.Data.LoadFromEnumerable(Passes.Numbered()), Passes.Many, batchSize, poolRows);
        var random = new Random(4);
        var orders = Enumerable.Range(0, 3).Select(_ => Epoch(batches, random)).ToArray();
        foreach (var order in orders)
            CollectionAssert.AreEqual(Enumerable.Range(0, Passes.Many).ToArray(), order.Order().ToArray());
        CollectionAssert.AreNotEqual(orders[0], orders[1]);
        CollectionAssert.AreEqual(orders[0], Epoch(batches, new Random(4)), "the same seed");
        // A row waits for its turn, it cannot come before it was read.
        Assert.IsTrue(orders[0].Select((row, at) => row - at).All(ahead => ahead < poolRows));
        Assert.IsGreaterThan(poolRows / 8.0, orders[0].Select((row, at) => Math.Abs(row - at)).Average());
    }

    [TestMethod]
    public void Without_shuffling_the_order_is_that_of_the_data()
    {
        using var batches = Streamed(_ml.Data.LoadFromEnumerable(Passes.Numbered(500)), 500, batchSize: 16, poolRows: 100);
        CollectionAssert.AreEqual(Enumerable.Range(0, 500).ToArray(), Epoch(batches, null));
    }

    /// <summary>Batch normalization needs two rows.</summary>
    [TestMethod]
    [DataRow(33, 16, new[] { 16, 17 })]
    [DataRow(34, 16, new[] { 16, 16, 2 })]
    [DataRow(5, 16, new[] { 5 })]
    [DataRow(3, 1, new[] { 1, 1, 1 })]
    public void A_single_row_left_over_joins_the_batch_before(int rows, int batchSize, int[] expected)
    {
        var view = _ml.Data.LoadFromEnumerable(Passes.Numbered(rows));
        using var streamed = Streamed(view, rows, batchSize, poolRows: 10);
        using var cached = TrainingData.Read(view, Columns.Bind(view.Schema), default, Large, Cancellation.None).Training(batchSize, epochs: 1, torch.ScalarType.Float32);
        foreach (var source in new[] { streamed, cached })
        {
            Assert.AreEqual(expected.Length, source.Batches);
            CollectionAssert.AreEqual(expected, Sizes(source));
        }

        static int[] Sizes(BatchSource source)
        {
            var sizes = new List<int>();
            source.Begin(null);
            while (true)
            {
                using var scope = torch.NewDisposeScope();
                if (!source.Next(out var batch))
                    return [.. sizes];
                sizes.Add((int)batch.Features.shape[0]);
            }
        }
    }

    [TestMethod]
    public void Rows_are_read_on_another_thread()
    {
        var threads = new System.Collections.Concurrent.ConcurrentBag<int>();
        var view = _ml.Data.LoadFromEnumerable(Passes.Numbered(100).Select(row =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            return row;
        }));
        using var batches = Streamed(view, 100, batchSize: 10, poolRows: 20);
        Epoch(batches, new Random(1));
        Assert.HasCount(100, threads);
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads);
    }

    [TestMethod]
    public void A_row_that_turns_bad_after_the_first_pass_is_named()
    {
        var error = FitFails<InvalidOperationException>(pass => Passes.Numbered().Select((row, i) =>
        {
            if (pass > 1 && i == 1499)
                row.Features[7] = float.NaN;
            return row;
        }));
        StringAssert.Contains(error.Message, "Row 1500 has the value NaN in slot 7");
    }

    [TestMethod]
    public void What_the_data_throws_while_it_is_read_reaches_the_caller()
    {
        var error = FitFails<IOException>(pass => Passes.Numbered().Select((row, i) =>
            pass > 1 && i == 1000 ? throw new IOException("The disk is gone.") : row));
        Assert.AreEqual("The disk is gone.", error.Message);
    }

    [TestMethod]
    public void Data_that_shrinks_between_passes_is_refused()
    {
        var error = FitFails<InvalidOperationException>(pass => Passes.Numbered(pass == 1 ? Passes.Many : 2050));
        StringAssert.Contains(error.Message, "2100 training rows when it was first read and has 2050 now");
    }

    [TestMethod]
    public void Disposing_in_the_middle_of_an_epoch_ends_the_reading()
    {
        var read = 0;
        var view = _ml.Data.LoadFromEnumerable(Passes.Numbered(100_000).Select(row =>
        {
            Interlocked.Increment(ref read);
            return row;
        }));
        var batches = Streamed(view, 100_000, batchSize: 10, poolRows: 20);
        batches.Begin(new Random(1));
        using (torch.NewDisposeScope())
            Assert.IsTrue(batches.Next(out _));
        batches.Dispose();
        var atDispose = read;
        Assert.IsLessThan(1000, atDispose, "it reads a few batches ahead, not all");
        Thread.Sleep(50);
        Assert.AreEqual(atDispose, read);
    }

    [TestMethod]
    public void A_new_epoch_may_begin_before_the_last_one_ended()
    {
        using var batches = Streamed(_ml.Data.LoadFromEnumerable(Passes.Numbered()), Passes.Many, batchSize: 16, poolRows: 32);
        batches.Begin(new Random(1));
        using (torch.NewDisposeScope())
            Assert.IsTrue(batches.Next(out _));
        CollectionAssert.AreEqual(Enumerable.Range(0, Passes.Many).ToArray(), Epoch(batches, null));
    }

    [TestMethod]
    public void A_streamed_fit_leaves_as_many_live_tensors_as_it_found()
    {
        var view = _ml.Data.LoadFromEnumerable(Passes.Numbered());
        // The first fit pays for the Parameter that TorchSharp counts for ever; see LiveTensorsTests.
        var first = Growth();
        Assert.AreEqual(first, Growth());
        Assert.IsLessThan(10, first);

        long Growth()
        {
            var before = Live();
            EveryTask.Fit(_ml, EveryTask.Regression, view, o =>
            {
                Brief(o, Small);
                o.ValidationFraction = 0.1;
                o.ExampleWeightColumnName = "Weight";
            }).Dispose();
            return Live() - before;
        }

        static long Live()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return torch.Tensor.TotalCount;
        }
    }

    private static InputColumns Columns => new("Features", "Number", "Weight", new NumberLabelReader());

    private static void Brief(SupervisedOptions options, long budget)
    {
        options.Network = Network.FeedForward(8) with { Normalization = Normalization.None };
        options.Epochs = 2;
        options.BatchSize = 64;
        options.MemoryBudget = budget;
    }

    private static StreamedBatches Streamed(IDataView view, long rows, int batchSize, int poolRows) =>
        new(view, Columns.Bind(view.Schema), _ => true, rows, batchSize, new PoolSize(poolRows), torch.ScalarType.Float32, Cancellation.None);

    /// <summary>The numbers of the rows in the order in which they come; features, targets and weights must belong together.</summary>
    private static int[] Epoch(BatchSource batches, Random? random)
    {
        var numbers = new List<int>();
        batches.Begin(random);
        while (true)
        {
            using var scope = torch.NewDisposeScope();
            if (!batches.Next(out var batch))
                return [.. numbers];
            var (features, targets, weights) = (batch.Features.data<float>().ToArray(), batch.Targets.data<float>().ToArray(), batch.Weights!.data<float>().ToArray());
            for (var row = 0; row < targets.Length; row++)
            {
                var number = (int)targets[row];
                Assert.AreEqual(number, features[row * Passes.Row.Width] * 4096);
                Assert.AreEqual(1 + number % 4, weights[row]);
                numbers.Add(number);
            }
        }
    }

    private T FitFails<T>(Func<int, IEnumerable<Passes.Row>> rows) where T : Exception =>
        Assert.ThrowsExactly<T>(() => EveryTask.Fit(_ml, EveryTask.Binary, _ml.Data.LoadFromEnumerable(new Passes(rows)), o => Brief(o, Small)));
}
