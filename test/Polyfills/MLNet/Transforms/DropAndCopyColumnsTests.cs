using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class DropAndCopyColumnsTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Dropped_columns_are_gone_and_the_others_keep_their_order()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { A = 1, B = 2, C = 3 }]);
        var result = _ml.Transforms.DropColumns("B").Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "A", "C" }, result.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new float[] { 3 }, result.Scalars<float>("C"));
    }

    [TestMethod]
    public void Hidden_columns_of_the_name_are_dropped_too()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { A = 1, B = 2, C = 3 }]);
        var chain = _ml.Transforms.CopyColumns("A", "B").Append(_ml.Transforms.DropColumns("A"));
        var result = chain.Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "B", "C" }, result.Schema.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void A_column_to_drop_must_be_there()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row()]);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.DropColumns("Zed").Fit(data));

        StringAssert.Contains(error.Message, "Zed");
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.DropColumns());
    }

    [TestMethod]
    public void The_shape_loses_the_columns_too()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row()]);
        var chain = _ml.Transforms.DropColumns("B").Append(_ml.Transforms.CopyColumns("D", "B"));

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(data));
    }

    [TestMethod]
    public void Row_mapping_and_saving_keep_what_is_left()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { A = 1, B = 2, C = 3 }]);
        var chain = _ml.Transforms.CopyColumns("D", "B").Append(_ml.Transforms.DropColumns("B", "A"));
        var model = chain.Fit(data).SaveAndLoad(data.Schema);

        CollectionAssert.AreEqual(new[] { "C", "D" }, model.GetOutputSchema(data.Schema).Select(column => column.Name).ToArray());
        using var engine = _ml.Model.CreatePredictionEngine<Row, Copied>(model);
        Assert.AreEqual(2, engine.Predict(new Row { B = 2 }).D);
        Assert.AreEqual(5, engine.Predict(new Row { B = 5 }).D);
    }

    [TestMethod]
    public void A_copy_has_the_type_and_the_annotations_of_its_source()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { A = 1, B = 2 }]);
        var chain = _ml.Transforms.Concatenate("V", "A", "B").Append(_ml.Transforms.CopyColumns("W", "V"));
        var result = chain.Fit(data).Transform(data);

        Assert.AreEqual(result.Schema["V"].Type, result.Schema["W"].Type);
        CollectionAssert.AreEqual(new[] { "A", "B" }, result.SlotNames("W"));
        CollectionAssert.AreEqual(new float[] { 1, 2 }, result.Rows<float>("W")[0]);
    }

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }

        public float C { get; set; }
    }

    private sealed class Copied
    {
        public float D { get; set; }
    }
}
