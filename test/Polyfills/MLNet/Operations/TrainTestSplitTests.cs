using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Operations;

[TestClass]
public sealed class TrainTestSplitTests
{
    private sealed class Row
    {
        public int Id { get; set; }

        public string? Group { get; set; }

        public float Number { get; set; }

        [KeyType(20)]
        public uint Key { get; set; }
    }

    private static readonly Row[] Rows =
        [.. Enumerable.Range(0, 2000).Select(i => new Row { Id = i, Group = $"group {i % 50}", Number = i % 10, Key = (uint)(i % 20) })];

    [TestMethod]
    public void Every_row_falls_on_one_side()
    {
        var (train, test) = Split(new MLContext(), testFraction: 0.25);
        CollectionAssert.AreEquivalent(Rows.Select(r => r.Id).ToArray(), train.Concat(test).ToArray());
        Assert.AreEqual(0.25, test.Length / 2000.0, 0.04);
    }

    [TestMethod]
    public void The_same_seed_splits_alike()
    {
        CollectionAssert.AreEqual(Split(new MLContext(), seed: 3).Test, Split(new MLContext(), seed: 3).Test);
        CollectionAssert.AreNotEqual(Split(new MLContext(), seed: 3).Test, Split(new MLContext(), seed: 4).Test);
        CollectionAssert.AreEqual(Split(new MLContext(3)).Test, Split(new MLContext(), seed: 3).Test);
        CollectionAssert.AreEqual(Split(new MLContext()).Test, Split(new MLContext()).Test);
    }

    [TestMethod]
    public void The_order_of_the_rows_stays()
    {
        var (train, test) = Split(new MLContext());
        CollectionAssert.AreEqual(train.Order().ToArray(), train);
        CollectionAssert.AreEqual(test.Order().ToArray(), test);
    }

    [TestMethod]
    [DataRow("Group")]
    [DataRow("Number")]
    [DataRow("Key")]
    [DataRow("Id")]
    public void Rows_of_one_key_stay_together(string column)
    {
        var (train, test) = Split(new MLContext(1), testFraction: 0.4, samplingKeyColumnName: column);
        object Of(int id) => typeof(Row).GetProperty(column)!.GetValue(Rows[id])!;
        Assert.IsFalse(train.Select(Of).Intersect(test.Select(Of)).Any());
        Assert.AreEqual(Rows.Length, train.Length + test.Length);
        Assert.IsTrue(test.Length > 0);
    }

    [TestMethod]
    public void Both_sides_have_the_schema_of_the_source()
    {
        var context = new MLContext();
        var data = context.Data.LoadFromEnumerable(Rows);
        var split = context.Data.TrainTestSplit(data);
        CollectionAssert.AreEqual(data.Schema.Select(c => $"{c}").ToArray(), split.TrainSet.Schema.Select(c => $"{c}").ToArray());
        CollectionAssert.AreEqual(data.Schema.Select(c => $"{c}").ToArray(), split.TestSet.Schema.Select(c => $"{c}").ToArray());
        Assert.IsNull(split.TestSet.GetRowCount());
    }

    [TestMethod]
    public void Wrong_arguments_are_refused()
    {
        var context = new MLContext();
        var data = context.Data.LoadFromEnumerable(Rows);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Data.TrainTestSplit(data, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Data.TrainTestSplit(data, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Data.TrainTestSplit(data, 0.5, "Nowhere"));
        Assert.ThrowsExactly<ArgumentNullException>(() => context.Data.TrainTestSplit(null!));
    }

    private static (int[] Train, int[] Test) Split(MLContext context, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null)
    {
        var split = context.Data.TrainTestSplit(context.Data.LoadFromEnumerable(Rows), testFraction, samplingKeyColumnName, seed);
        return (split.TrainSet.Scalars<int>("Id"), split.TestSet.Scalars<int>("Id"));
    }
}
