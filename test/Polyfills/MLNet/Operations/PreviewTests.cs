using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.Operations;

[TestClass]
public sealed class PreviewTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void A_preview_shows_rows_and_columns()
    {
        var data = Rows(5);
        var preview = data.Preview(maxRows: 3);

        Assert.AreSame(data.Schema, preview.Schema);
        Assert.AreEqual("3 columns, 3 rows", preview.ToString());
        Assert.HasCount(3, preview.RowView);
        Assert.AreEqual("X", preview.RowView[1].Values[0].Key);
        Assert.AreEqual(1f, preview.RowView[1].Values[0].Value);
        Assert.AreEqual("row 1", preview.RowView[1].Values[1].Value.ToString());
        Assert.AreEqual("3 columns", preview.RowView[1].ToString());

        Assert.HasCount(3, preview.ColumnView);
        Assert.AreEqual("Text", preview.ColumnView[1].Column.Name);
        CollectionAssert.AreEqual(new object[] { 0f, 1f, 2f }, preview.ColumnView[0].Values);
        CollectionAssert.AreEqual(new float[] { 2, 4 }, ((VBuffer<float>)preview.ColumnView[2].Values[2]).DenseValues().ToArray());
        CollectionAssert.AreEqual(new float[] { 1, 2 }, ((VBuffer<float>)preview.ColumnView[2].Values[1]).DenseValues().ToArray());
        Assert.AreEqual("X: Single", preview.ColumnView[0].ToString());
    }

    [TestMethod]
    public void A_preview_ends_with_its_rows()
    {
        Assert.HasCount(100, Rows(200).Preview().RowView);
        Assert.HasCount(5, Rows(5).Preview().RowView);
        Assert.IsEmpty(Rows(5).Preview(0).RowView);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Rows(5).Preview(-1));
    }

    [TestMethod]
    public void Transformers_and_estimators_show_what_they_make()
    {
        var data = Rows(4);
        var scale = _ml.Transforms.NormalizeMinMax("X");
        Assert.AreEqual(1f, scale.Fit(data).Preview(data, 4).ColumnView[1].Values[3]);
        Assert.AreEqual(3f, scale.Preview(data, maxRows: 4, maxTrainingRows: 2).ColumnView[1].Values[3], "two rows to train on");
    }

    [TestMethod]
    public void A_column_is_a_sequence()
    {
        var data = Rows(3);
        CollectionAssert.AreEqual(new float[] { 0, 1, 2 }, data.GetColumn<float>("X").ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 1, 2 }, data.GetColumn<float>(data.Schema["X"]).ToArray());
        CollectionAssert.AreEqual(new[] { "row 0", "row 1", "row 2" }, data.GetColumn<string>("Text").ToArray());
        CollectionAssert.AreEqual(new[] { "row 0", "row 1", "row 2" },
            data.GetColumn<ReadOnlyMemory<char>>("Text").Select(text => text.ToString()).ToArray());
        CollectionAssert.AreEqual(new float[] { 2, 4 }, data.GetColumn<float[]>("V").Last());
        CollectionAssert.AreEqual(new float[] { 1, 2 }, data.GetColumn<float[]>("V").ToArray()[1], "each array is its own");
        CollectionAssert.AreEqual(new float[] { 2, 4 }, data.GetColumn<VBuffer<float>>("V").Select(v => v.DenseValues().ToArray()).Last());
    }

    [TestMethod]
    public void Texts_of_a_vector_are_strings()
    {
        var data = _ml.Data.LoadFromEnumerable([new Texts { T = ["a", "b"] }]);
        CollectionAssert.AreEqual(new[] { "a", "b" }, data.GetColumn<string[]>("T").Single());
    }

    [TestMethod]
    public void A_column_of_another_type_or_view_is_refused_at_once()
    {
        var data = Rows(1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<int>("X"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<float[]>("X"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<double[]>("V"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<float>("Nowhere"));
        var copied = _ml.Transforms.CopyColumns("Y", "X").Fit(data).Transform(data);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<float>(copied.Schema["Y"]));
    }

    private IDataView Rows(int count) => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, count).Select(i => new Row { X = i, Text = $"row {i}", V = [i, 2 * i] }).ToArray());

    private sealed class Row
    {
        public float X { get; set; }

        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] V { get; set; } = [];
    }

    private sealed class Texts
    {
        public string[] T { get; set; } = [];
    }
}
