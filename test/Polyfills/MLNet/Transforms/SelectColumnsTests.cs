using Microsoft.ML;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class SelectColumnsTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Selected_columns_stand_in_the_order_of_their_names()
    {
        var data = Rows(new Row { A = 1, B = 2, C = 3 });
        var result = _ml.Transforms.SelectColumns("C", "A").Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "C", "A" }, result.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new float[] { 3 }, result.Scalars<float>("C"));
    }

    [TestMethod]
    public void Hidden_columns_are_left_out_unless_they_are_to_be_kept()
    {
        var data = Rows(new Row { A = 1, B = 2, C = 3 });
        var doubled = _ml.Transforms.CopyColumns("A", "B").Fit(data).Transform(data);

        var visible = _ml.Transforms.SelectColumns("A").Fit(doubled).Transform(doubled);
        Assert.AreEqual(1, visible.Schema.Count);
        CollectionAssert.AreEqual(new float[] { 2 }, visible.Scalars<float>("A"));

        var all = _ml.Transforms.SelectColumns(["A", "C"], keepHidden: true).Fit(doubled).Transform(doubled);
        CollectionAssert.AreEqual(new[] { "A", "A", "C" }, all.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { true, false, false }, all.Schema.Select(column => column.IsHidden).ToArray());
        CollectionAssert.AreEqual(new float[] { 2 }, all.Scalars<float>("A"));
    }

    [TestMethod]
    public void A_column_to_select_must_be_there()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.SelectColumns("A", "Zed").Fit(Rows(new Row())));
        StringAssert.Contains(error.Message, "Zed");
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.SelectColumns());
    }

    [TestMethod]
    public void The_shape_has_the_selected_columns_only()
    {
        var chain = _ml.Transforms.SelectColumns("A").Append(_ml.Transforms.CopyColumns("D", "B"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(Rows(new Row())));
    }

    [TestMethod]
    public void Selections_are_saved_and_map_rows()
    {
        var data = Rows(new Row { A = 1, B = 2, C = 3 });
        var model = _ml.Transforms.CopyColumns("A", "B").Append(_ml.Transforms.SelectColumns("C", "A")).Fit(data).SaveAndLoad(data.Schema);

        CollectionAssert.AreEqual(new[] { "C", "A" }, model.GetOutputSchema(data.Schema).Select(column => column.Name).ToArray());
        using var engine = _ml.Model.CreatePredictionEngine<Row, Selected>(model);
        Assert.AreEqual(7, engine.Predict(new Row { A = 1, B = 7 }).A);
    }

    private IDataView Rows(params Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }

        public float C { get; set; }
    }

    private sealed class Selected
    {
        public float A { get; set; }
    }
}
