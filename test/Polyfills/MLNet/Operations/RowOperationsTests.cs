using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Operations;

[TestClass]
public sealed class RowOperationsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Rows_are_taken_and_skipped()
    {
        var data = Numbers(10);
        var middle = _ml.Data.TakeRows(_ml.Data.SkipRows(data, 3), 4);

        CollectionAssert.AreEqual(new[] { 3, 4, 5, 6 }, middle.Scalars<int>("Id"));
        Assert.AreEqual(4L, middle.GetRowCount());
        Assert.IsFalse(middle.CanShuffle);
        CollectionAssert.AreEqual(new[] { 8, 9 }, _ml.Data.SkipRows(data, 8).Scalars<int>("Id"));
        Assert.AreEqual(2L, _ml.Data.SkipRows(data, 8).GetRowCount());
    }

    [TestMethod]
    public void More_rows_than_there_are_can_be_taken_and_skipped()
    {
        Assert.HasCount(10, _ml.Data.TakeRows(Numbers(10), 100).Scalars<int>("Id"));
        Assert.IsEmpty(_ml.Data.SkipRows(Numbers(10), 100).Scalars<int>("Id"));
        Assert.AreEqual(0L, _ml.Data.SkipRows(Numbers(10), 100).GetRowCount());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(Numbers(1), 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.SkipRows(Numbers(1), 0));
    }

    [TestMethod]
    public void Positions_count_the_rows_that_are_left()
    {
        var data = _ml.Data.TakeRows(_ml.Data.SkipRows(Numbers(5), 2), 2);
        using var cursor = data.GetRowCursor(data.Schema);
        Assert.AreEqual(-1, cursor.Position);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0, cursor.Position);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(1, cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void Rows_with_missing_values_are_left_out()
    {
        var data = _ml.Data.LoadFromEnumerable(
        [
            new Row { Id = 0, X = 1, V = [1, 2] },
            new Row { Id = 1, X = float.NaN, V = [1, 2] },
            new Row { Id = 2, X = 3, V = [1, double.NaN] },
            new Row { Id = 3, X = 4, V = [5, 6] },
        ]);
        CollectionAssert.AreEqual(new[] { 0, 2, 3 }, _ml.Data.FilterRowsByMissingValues(data, "X").Scalars<int>("Id"));
        var both = _ml.Data.FilterRowsByMissingValues(data, "X", "V");
        CollectionAssert.AreEqual(new[] { 0, 3 }, both.Scalars<int>("Id"));
        CollectionAssert.AreEqual(new float[] { 1, 4 }, both.Scalars<float>("X"), "the filter's own columns are read too");
        CollectionAssert.AreEqual(new double[] { 5, 6 }, both.Rows<double>("V")[1]);
        Assert.IsNull(both.GetRowCount());
    }

    [TestMethod]
    public void A_missing_key_is_a_missing_value()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Id = 0, Key = 2 }, new Row { Id = 1, Key = 99 }]);
        CollectionAssert.AreEqual(new[] { 0 }, _ml.Data.FilterRowsByMissingValues(data, "Key").Scalars<int>("Id"));
    }

    [TestMethod]
    public void Only_columns_that_can_miss_values_are_filtered_by()
    {
        var data = Numbers(1);
        foreach (var names in new string[][] { [], ["Nowhere"], ["Id"], ["X", "X"] })
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(data, names), string.Join(',', names));
    }

    [TestMethod]
    public void A_shuffle_is_a_permutation_that_its_seed_repeats()
    {
        var shuffled = _ml.Data.ShuffleRows(Numbers(2500), seed: 7);
        var ids = shuffled.Scalars<int>("Id");

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 2500).ToArray(), ids);
        CollectionAssert.AreNotEqual(ids.Order().ToArray(), ids);
        CollectionAssert.AreEqual(ids, shuffled.Scalars<int>("Id"), "each cursor gives the same order");
        CollectionAssert.AreEqual(ids, new MLContext().Data.ShuffleRows(Numbers(2500), seed: 7).Scalars<int>("Id"));
        CollectionAssert.AreNotEqual(ids, _ml.Data.ShuffleRows(Numbers(2500), seed: 8).Scalars<int>("Id"));
        Assert.AreEqual(2500L, shuffled.GetRowCount());
        Assert.IsTrue(shuffled.CanShuffle);
    }

    [TestMethod]
    public void A_seed_orders_the_rows_as_it_does_in_every_version()
    {
        var (plain, cached) = (Numbers(12), _ml.Data.Cache(Numbers(12)));
        AssertOrder([5, 0, 4, 1, 11, 2, 3, 9, 10, 6, 8, 7], _ml.Data.ShuffleRows(plain, seed: 42));
        AssertOrder([1, 2, 0, 3, 6, 7, 8, 4, 9, 11, 10, 5], _ml.Data.ShuffleRows(plain, seed: 42, shufflePoolSize: 3));
        AssertOrder([1, 2, 4, 5, 6, 3, 0, 9, 7, 10, 8, 11], _ml.Data.ShuffleRows(plain, seed: 42, shufflePoolSize: 3, shuffleSource: false));
        AssertOrder([3, 7, 5, 1, 8, 2, 6, 0, 10, 9, 4, 11], _ml.Data.ShuffleRows(cached, seed: 42));
        AssertOrder([7, 0, 9, 11, 3, 6, 1, 4, 2, 10, 8, 5], _ml.Data.ShuffleRows(cached, seed: 42, shuffleSource: false));

        static void AssertOrder(int[] expected, IDataView shuffled) => CollectionAssert.AreEqual(expected, shuffled.Scalars<int>("Id"));
    }

    [TestMethod]
    public void The_pool_bounds_how_far_a_row_comes_forward()
    {
        var ids = _ml.Data.ShuffleRows(Numbers(1000), seed: 1, shufflePoolSize: 10).Scalars<int>("Id");
        for (var i = 0; i < ids.Length; i++)
            Assert.IsLessThanOrEqualTo(i + 9, ids[i]);
        CollectionAssert.AreEqual(Enumerable.Range(0, 50).ToArray(),
            _ml.Data.ShuffleRows(Numbers(50), seed: 1, shufflePoolSize: 1).Scalars<int>("Id"), "a pool of one row leaves the order");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.ShuffleRows(Numbers(1), shufflePoolSize: 0));
    }

    [TestMethod]
    public void Without_a_seed_the_context_gives_one()
    {
        var first = new MLContext(5).Data.ShuffleRows(Numbers(100)).Scalars<int>("Id");
        CollectionAssert.AreEqual(first, new MLContext(5).Data.ShuffleRows(Numbers(100)).Scalars<int>("Id"));
        CollectionAssert.AreNotEqual(first, new MLContext(6).Data.ShuffleRows(Numbers(100)).Scalars<int>("Id"));
    }

    [TestMethod]
    public void Shuffled_rows_keep_their_values_together()
    {
        var rows = Enumerable.Range(0, 300).Select(i => new Row { Id = i, X = i, V = [i, -i], Text = $"row {i}" }).ToArray();
        var shuffled = _ml.Data.ShuffleRows(_ml.Data.LoadFromEnumerable(rows), seed: 3, shufflePoolSize: 20);
        var seen = 0;
        foreach (var row in _ml.Data.CreateEnumerable<Row>(shuffled, reuseRowObject: true))
        {
            Assert.AreEqual(row.Id, row.X);
            CollectionAssert.AreEqual(new double[] { row.Id, -row.Id }, row.V);
            Assert.AreEqual($"row {row.Id}", row.Text);
            seen++;
        }
        Assert.AreEqual(300, seen);
    }

    [TestMethod]
    public void An_error_in_the_source_reaches_the_reader_of_shuffled_rows()
    {
        var data = _ml.Data.LoadFromEnumerable(Failing());
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.ShuffleRows(data, seed: 1).Scalars<int>("Id"));
        Assert.AreEqual("broken", error.InnerException!.Message);

        static IEnumerable<Row> Failing()
        {
            yield return new Row();
            throw new FormatException("broken");
        }
    }

    private IDataView Numbers(int count) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { Id = i, V = [0, 0] }).ToArray());

    private sealed class Row
    {
        public int Id { get; set; }

        public float X { get; set; }

        [VectorType(2)]
        public double[] V { get; set; } = [];

        public string Text { get; set; } = "";

        [KeyType(5)]
        public uint Key { get; set; }
    }
}
