using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Data;

/// <summary>The shuffle pool takes rows of the next epoch in while the last of one go out; which rows come when stays the same.</summary>
[TestClass]
public sealed class ReadAheadTests
{
    private const int Rows = 500;

    [TestMethod]
    [DataRow(7)]
    [DataRow(100)]
    [DataRow(Rows)]
    [DataRow(2 * Rows)]
    public void The_order_is_that_of_epochs_each_read_alone(int poolRows)
    {
        using var ahead = Streamed(_ => Rows, poolRows, epochs: 4);
        var (together, alone) = (new Random(5), new Random(5));
        for (var epoch = 0; epoch < 4; epoch++)
        {
            using var one = Streamed(_ => Rows, poolRows, epochs: 1);
            CollectionAssert.AreEqual(Epoch(one, alone), Epoch(ahead, together), $"epoch {epoch}");
        }
    }

    [TestMethod]
    public void Beyond_the_expected_epochs_nothing_is_read_ahead()
    {
        var read = 0;
        using var batches = Streamed(_ => Rows, poolRows: 100, epochs: 2, () => Interlocked.Increment(ref read));
        var random = new Random(5);
        Epoch(batches, random);
        Epoch(batches, random);
        Assert.AreEqual(2 * Rows, read);
        Assert.HasCount(Rows, Epoch(batches, random));
    }

    [TestMethod]
    [DataRow(Rows - 1, "499")]
    [DataRow(Rows + 1, "more")]
    public void Data_that_changes_between_epochs_is_refused(int rowsLater, string now)
    {
        using var batches = Streamed(pass => pass < 2 ? Rows : rowsLater, poolRows: 100, epochs: 3);
        var random = new Random(5);
        Epoch(batches, random);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
        {
            Epoch(batches, random);
            Epoch(batches, random);
        });
        StringAssert.Contains(error.Message, $"500 training rows when it was first read and has {now} now");
    }

    private static StreamedBatches Streamed(Func<int, int> rowsOfPass, int poolRows, int epochs, Action? onRow = null)
    {
        var view = new MLContext().Data.LoadFromEnumerable(new Passes(pass => Passes.Numbered(rowsOfPass(pass)).Select(row =>
        {
            onRow?.Invoke();
            return row;
        })));
        var columns = new InputColumns("Features", "Number", null, new NumberLabelReader()).Bind(view.Schema);
        return new StreamedBatches(view, columns, _ => true, Rows, batchSize: 16, new PoolSize(poolRows), torch.ScalarType.Float32, Cancellation.None, epochs);
    }

    private static float[] Epoch(BatchSource batches, Random random)
    {
        var targets = new List<float>();
        batches.Begin(random);
        while (true)
        {
            using var scope = torch.NewDisposeScope();
            if (!batches.Next(out var batch))
                return [.. targets];
            targets.AddRange(batch.Targets.data<float>().ToArray());
        }
    }
}
