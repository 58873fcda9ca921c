using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Operations;

[TestClass]
public sealed class CacheTests
{
    private readonly MLContext _ml = new();
    private int _passes;

    [TestMethod]
    public void Rows_are_read_from_the_source_once()
    {
        var data = _ml.Data.Cache(Source(100), "Id", "V", "Text", "S");
        for (var pass = 0; pass < 3; pass++)
        {
            CollectionAssert.AreEqual(Enumerable.Range(0, 100).ToArray(), data.Scalars<int>("Id"));
            CollectionAssert.AreEqual(new double[] { 99, -99 }, data.Rows<double>("V")[99]);
            Assert.AreEqual("row 42", data.Texts("Text")[42]);
        }
        Assert.AreEqual(1, _passes);
        Assert.AreEqual(100L, data.GetRowCount());
        Assert.IsTrue(data.CanShuffle);
    }

    [TestMethod]
    public void Columns_are_read_when_they_are_asked_for()
    {
        var data = _ml.Data.Cache(Source(10));
        Assert.IsNull(data.GetRowCount());
        Assert.AreEqual(0, _passes);
        data.Scalars<int>("Id");
        data.Scalars<int>("Id");
        Assert.AreEqual(1, _passes);
        data.Texts("Text");
        data.Scalars<int>("Id");
        Assert.AreEqual(2, _passes);
        Assert.AreEqual(10L, data.GetRowCount());
    }

    [TestMethod]
    public void Sparse_vectors_and_those_of_any_length_are_kept_as_they_are()
    {
        var data = _ml.Data.Cache(Source(5));
        var sparse = data.Vectors<float>("S");
        for (var i = 0; i < 5; i++)
        {
            Assert.HasCount(1, sparse[i].GetValues().ToArray());
            Assert.AreEqual(i + 1f, sparse[i].GetItemOrDefault(i));
            CollectionAssert.AreEqual(Enumerable.Repeat(7, i).ToArray(), data.Rows<int>("Open")[i]);
        }
    }

    [TestMethod]
    public void A_cache_is_shuffled_as_a_whole_and_names_its_rows()
    {
        var data = _ml.Data.Cache(Source(5000));
        var id = data.Schema["Id"];
        using var cursor = data.GetRowCursor([id], new Random(1));
        var (getter, idGetter) = (cursor.GetGetter<int>(id), cursor.GetIdGetter());
        var seen = new List<int>();
        while (cursor.MoveNext())
        {
            var (value, rowId) = (0, default(DataViewRowId));
            getter(ref value);
            idGetter(ref rowId);
            Assert.AreEqual(new DataViewRowId((ulong)value, 0), rowId);
            Assert.AreEqual(seen.Count, cursor.Position);
            seen.Add(value);
        }
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 5000).ToArray(), seen);
        Assert.IsGreaterThan(3000, seen.Take(100).Max());
    }

    [TestMethod]
    public void Many_values_are_kept()
    {
        var data = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3000).Select(i => new Wide { W = [.. Enumerable.Range(i, 50)] })));
        var rows = data.Rows<int>("W");
        for (var i = 0; i < 3000; i++)
            CollectionAssert.AreEqual(Enumerable.Range(i, 50).ToArray(), rows[i]);
    }

    [TestMethod]
    public void The_columns_to_prefetch_must_be_there() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.Cache(Source(1), "Nowhere"));

    [TestMethod]
    public void A_checkpoint_spares_the_later_estimators_the_earlier_work()
    {
        var data = Source(10);
        var scale = _ml.Transforms.NormalizeMinMax("Out", "X");
        var plain = _ml.Transforms.CopyColumns("X", "F").Append(scale).Append(scale).Append(scale);
        plain.Fit(data);
        Assert.AreEqual(3, _passes);

        _passes = 0;
        var cached = _ml.Transforms.CopyColumns("X", "F").AppendCacheCheckpoint(_ml).Append(scale).Append(scale).Append(scale);
        var model = cached.Fit(data);
        Assert.AreEqual(1, _passes);
        CollectionAssert.AreEqual(plain.Fit(data).Transform(data).Scalars<float>("Out"),
            model.SaveAndLoad(data.Schema).Transform(data).Scalars<float>("Out"));
    }

    [TestMethod]
    public void A_checkpoint_may_stand_anywhere_but_first()
    {
        var copy = _ml.Transforms.CopyColumns("X", "F");
        var model = copy.Append(copy).AppendCacheCheckpoint(_ml).AppendCacheCheckpoint(_ml).Fit(Source(3));
        Assert.HasCount(2, model);
        Assert.ThrowsExactly<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_ml));
        Assert.ThrowsExactly<ArgumentNullException>(() => copy.AppendCacheCheckpoint(null!));
    }

    private IDataView Source(int count) => _ml.Data.LoadFromEnumerable(Rows(count));

    private IEnumerable<Row> Rows(int count)
    {
        _passes++;
        for (var i = 0; i < count; i++)
        {
            yield return new Row
            {
                Id = i, F = i, V = [i, -i], Text = $"row {i}", Open = [.. Enumerable.Repeat(7, i % 10)],
                S = new VBuffer<float>(20, 1, [i + 1f], [i % 20]),
            };
        }
    }

    private sealed class Row
    {
        public int Id { get; set; }

        public float F { get; set; }

        [VectorType(2)]
        public double[] V { get; set; } = [];

        public int[] Open { get; set; } = [];

        [VectorType(20)]
        public VBuffer<float> S { get; set; }

        public string Text { get; set; } = "";
    }

    private sealed class Wide
    {
        [VectorType(50)]
        public int[] W { get; set; } = [];
    }
}
