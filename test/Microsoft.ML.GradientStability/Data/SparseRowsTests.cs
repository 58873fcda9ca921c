using Microsoft.ML.Data;
using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Data;

/// <summary>Wide rows of few non-zeros, from the data to the tensors of a batch.</summary>
[TestClass]
public sealed class SparseRowsTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static VBuffer<float> Dense(params float[] values) => new(values.Length, values);

    [TestMethod]
    public void The_values_decide_how_a_row_is_held_and_not_the_form_it_comes_in()
    {
        var values = new float[RowForm.LeastWidth];
        (values[3], values[500]) = (1, -2);
        IsSparse(Dense(values), [3, 500], [1, -2]);
        IsSparse(new VBuffer<float>(values.Length, 3, [1, 0, -2], [3, 7, 500]), [3, 500], [1, -2]);

        Array.Fill(values, 1, 0, values.Length / 2);
        IsDense(Dense(values));
        IsDense(new VBuffer<float>(values.Length, values.Length / 2, values, [.. Enumerable.Range(0, values.Length / 2)]));
        IsDense(new VBuffer<float>(4, 1, [1], [2]));

        static void IsSparse(in VBuffer<float> row, int[] slots, float[] expected)
        {
            var copy = default(VBuffer<float>);
            ref readonly var held = ref RowForm.Of(row, ref copy);
            Assert.IsFalse(held.IsDense);
            CollectionAssert.AreEqual(slots, held.GetIndices().ToArray());
            CollectionAssert.AreEqual(expected, held.GetValues().ToArray());
        }

        static void IsDense(in VBuffer<float> row)
        {
            var copy = default(VBuffer<float>);
            ref readonly var held = ref RowForm.Of(row, ref copy);
            Assert.IsTrue(held.IsDense);
            CollectionAssert.AreEqual(row.DenseValues().ToArray(), held.GetValues().ToArray());
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_batch_has_the_values_of_its_rows(bool sparse)
    {
        var rows = WideRows.Of(20);
        var cached = new CachedRows(WideRows.Width, weighted: false);
        foreach (var (row, i) in rows.Select((row, i) => (row, i)))
            cached.Add(i % 4 == 3 ? new VBuffer<float>(WideRows.Width, [.. row.Features.DenseValues()]) : row.Features, i, 1);
        cached.Add(new VBuffer<float>(WideRows.Width, 0, [], []), 20, 1);
        long[] numbers = [20, 3, 0, 3, 19];
        using var scope = torch.NewDisposeScope();
        var features = cached.Features(numbers, sparse);
        Assert.AreEqual(sparse, features.is_sparse);
        var values = (sparse ? features.to_dense() : features).data<float>().ToArray();
        float[] expected = [.. new float[WideRows.Width], .. numbers.Skip(1).SelectMany(n => rows[n].Features.DenseValues())];
        CollectionAssert.AreEqual(expected, values);
    }

    [TestMethod]
    public void Statistics_of_non_zeros_are_those_of_all_values()
    {
        var rows = WideRows.Of(300);
        var statistics = Statistics(rows);
        Assert.IsTrue(statistics.IsSparse);
        Assert.AreEqual(rows.Sum(row => row.Features.DenseValues().Count(v => v != 0)), statistics.NonZeros);
        var (means, scales, _) = statistics.Scaling();
        var norm = Math.Sqrt(rows.Average(row => row.Features.DenseValues().Sum(v => (double)v * v)));
        for (var slot = 0; slot < 200; slot++)
        {
            var column = rows.Select(row => (double)row.Features.GetItemOrDefault(slot)).ToArray();
            var mean = column.Average();
            var deviation = Math.Sqrt(column.Average(v => (v - mean) * (v - mean)));
            Assert.AreEqual(deviation, statistics.Deviation(slot), 1e-5 * deviation, $"deviation {slot}");
            // Zeros stay zeros, and all features are in one unit.
            Assert.AreEqual(deviation == 0 ? 0 : 1 / norm, scales[slot], deviation == 0 ? 0 : 1e-5 / norm, $"scale {slot}");
            Assert.AreEqual(0, means[slot], $"mean {slot}");
        }
    }

    [TestMethod]
    public void Features_of_narrow_data_are_centred_however_many_zeros_they_have()
    {
        var statistics = new RowStatistics(2);
        for (var row = 0; row < 100; row++)
            statistics.Add([row % 50 == 0 ? 1 : 0, row], 0, targetsAreClasses: false);
        Assert.IsFalse(statistics.IsSparse);
        Assert.AreEqual(0.02f, statistics.Scaling().Mean[0], 1e-8f);
    }

    [TestMethod]
    public void Scaling_sparse_rows_is_scaling_dense_ones()
    {
        var rows = WideRows.Of(40);
        var (mean, scale, offset) = Statistics(rows).Scaling();
        using var scope = torch.NewDisposeScope();
        using var scaling = new InputScaling(mean, scale, offset);
        var dense = torch.tensor(WideRows.Values(rows), [rows.Length, WideRows.Width]);
        var scaled = scaling.forward(dense.to_sparse());
        Assert.IsTrue(scaled.is_sparse);
        EveryTask.AreClose(scaling.forward(dense).data<float>().ToArray(), scaled.to_dense().data<float>().ToArray(), 1e-6);
        Assert.IsLessThan(rows.Length * (2 * WideRows.Words + 4), scaled.SparseValues.shape[0], "zeros were filled in");
    }

    [TestMethod]
    public void A_sparse_value_that_is_not_finite_is_named_by_row_and_slot()
    {
        var rows = WideRows.Of(5);
        rows[3].Features = new VBuffer<float>(WideRows.Width, 2, [1, float.NaN], [7, 1234]);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Read(rows, 1 << 30));
        StringAssert.Contains(error.Message, "Row 4 has the value NaN in slot 1234 of column 'Features'");
    }

    [TestMethod]
    public void A_sparse_row_of_another_length_is_refused()
    {
        var rows = WideRows.Of(5);
        rows[2].Features = new VBuffer<float>(WideRows.Width + 1, 1, [1], [7]);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Read(rows, 1 << 30));
        StringAssert.Contains(error.Message, $"Row 3 has {WideRows.Width + 1} values in column 'Features', whose type says {WideRows.Width}");
    }

    /// <summary>5,000 rows of 1,500 features would be 30 MB; as non-zeros they are 0.6.</summary>
    [TestMethod]
    public void Sparse_rows_count_against_the_budget_by_their_non_zeros()
    {
        Assert.IsFalse(Read(WideRows.Of(5000), 4 << 20).Streams);
        Assert.IsTrue(Read(WideRows.Of(5000), 1 << 20).Streams);
    }

    [TestMethod]
    [DataRow(int.MaxValue)]
    [DataRow(10)]
    public void Shuffled_through_a_pool_of_bytes_every_row_comes_exactly_once_an_epoch(int rowsOfBytes)
    {
        var rows = WideRows.Of(400);
        for (var i = 0; i < rows.Length; i++)
            rows[i].Number = i;
        var view = _ml.Data.LoadFromEnumerable(rows);
        var size = new PoolSize(100, rowsOfBytes * RowPlaces.SparseRowBytes(WideRows.Words));
        using var batches = new StreamedBatches(view, Columns.Bind(view.Schema), _ => true, rows.Length, 16, size, torch.ScalarType.Float32, Cancellation.None, epochs: 3, sparse: true);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var seen = new List<int>();
            batches.Begin(new Random(epoch));
            while (true)
            {
                using var scope = torch.NewDisposeScope();
                if (!batches.Next(out var batch))
                    break;
                var features = batch.Features.to_dense().data<float>().ToArray();
                foreach (var (number, i) in batch.Targets.data<float>().ToArray().Select((number, i) => ((int)number, i)))
                {
                    seen.Add(number);
                    CollectionAssert.AreEqual(rows[number].Features.DenseValues().ToArray(), features.AsSpan(i * WideRows.Width, WideRows.Width).ToArray());
                }
            }
            CollectionAssert.AreEqual(Enumerable.Range(0, rows.Length).ToArray(), seen.Order().ToArray());
            CollectionAssert.AreNotEqual(seen.Order().ToArray(), seen);
        }
    }

    private static InputColumns Columns => new("Features", "Number", null, new NumberLabelReader());

    private TrainingData Read(WideRows.Row[] rows, long budget)
    {
        var view = _ml.Data.LoadFromEnumerable(rows);
        return TrainingData.Read(view, Columns.Bind(view.Schema), default, budget, Cancellation.None);
    }

    private static RowStatistics Statistics(WideRows.Row[] rows)
    {
        var statistics = new RowStatistics(WideRows.Width);
        var copy = default(VBuffer<float>);
        foreach (var row in rows)
            statistics.Add(RowForm.Of(row.Features, ref copy), [row.Number], targetsAreClasses: false);
        return statistics;
    }
}
