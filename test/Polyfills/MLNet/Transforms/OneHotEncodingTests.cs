using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static Microsoft.ML.Transforms.OneHotEncodingEstimator;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class OneHotEncodingTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void A_text_becomes_an_indicator_with_the_categories_as_slot_names()
    {
        var data = Texts("red", "green", "red", "blue");
        var result = _ml.Transforms.Categorical.OneHotEncoding("Out", "Text").Fit(data).Transform(data);
        var column = result.Schema["Out"];

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), column.Type);
        CollectionAssert.AreEqual(new[] { "red", "green", "blue" }, result.SlotNames("Out"));
        var rows = result.Rows<float>("Out");
        CollectionAssert.AreEqual(new float[] { 1, 0, 0 }, rows[0]);
        CollectionAssert.AreEqual(new float[] { 0, 1, 0 }, rows[1]);
        CollectionAssert.AreEqual(new float[] { 1, 0, 0 }, rows[2]);
        CollectionAssert.AreEqual(new float[] { 0, 0, 1 }, rows[3]);
        Assert.IsTrue(column.IsNormalized());
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Int32, 1, 2), column.Annotations.Schema["CategoricalSlotRanges"].Type);
        CollectionAssert.AreEqual(new[] { 0, 2 }, SlotRanges(column));
    }

    [TestMethod]
    public void A_category_that_was_not_seen_has_no_indicator()
    {
        var model = _ml.Transforms.Categorical.OneHotEncoding("Text").Fit(Texts("a", "b"));
        var result = model.Transform(Texts("c", "", "b"));

        CollectionAssert.AreEqual(new float[] { 0, 0 }, result.Rows<float>("Text")[0]);
        CollectionAssert.AreEqual(new float[] { 0, 0 }, result.Rows<float>("Text")[1]);
        CollectionAssert.AreEqual(new float[] { 0, 1 }, result.Rows<float>("Text")[2]);
    }

    [TestMethod]
    public void Numbers_are_named_by_their_text()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Number = 7.5f }, new Row { Number = 3 }]);
        var estimator = _ml.Transforms.Categorical.OneHotEncoding(
            "Out", "Number", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);
        var result = estimator.Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "3", "7.5" }, result.SlotNames("Out"));
        CollectionAssert.AreEqual(new float[] { 0, 1 }, result.Rows<float>("Out")[0]);
    }

    [TestMethod]
    public void The_number_of_categories_can_be_limited()
    {
        var data = Texts("a", "b", "c");
        var result = _ml.Transforms.Categorical.OneHotEncoding("Out", "Text", maximumNumberOfKeys: 2).Fit(data).Transform(data);

        Assert.AreEqual(2, ((VectorDataViewType)result.Schema["Out"].Type).Size);
        CollectionAssert.AreEqual(new float[] { 0, 0 }, result.Rows<float>("Out")[2]);
    }

    [TestMethod]
    public void The_indicators_of_a_vector_stand_side_by_side()
    {
        var data = Vectors();
        var result = _ml.Transforms.Categorical.OneHotEncoding("Out", "Texts").Fit(data).Transform(data);
        var column = result.Schema["Out"];

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2, 3), column.Type);
        CollectionAssert.AreEqual(new[] { "[0].a", "[0].b", "[0].c", "[1].a", "[1].b", "[1].c" }, result.SlotNames("Out"));
        CollectionAssert.AreEqual(new float[] { 1, 0, 0, 0, 1, 0 }, result.Rows<float>("Out")[0]);
        CollectionAssert.AreEqual(new float[] { 0, 0, 1, 0, 0, 1 }, result.Rows<float>("Out")[1]);
        CollectionAssert.AreEqual(new[] { 0, 2, 3, 5 }, SlotRanges(column));
        Assert.IsTrue(column.IsNormalized());
    }

    [TestMethod]
    public void A_bag_counts_the_categories_of_a_vector()
    {
        var data = Vectors();
        var result = _ml.Transforms.Categorical.OneHotEncoding("Out", "Texts", OutputKind.Bag).Fit(data).Transform(data);
        var column = result.Schema["Out"];

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), column.Type);
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, result.SlotNames("Out"));
        CollectionAssert.AreEqual(new float[] { 1, 1, 0 }, result.Rows<float>("Out")[0]);
        CollectionAssert.AreEqual(new float[] { 0, 0, 2 }, result.Rows<float>("Out")[1]);
        Assert.IsFalse(column.IsNormalized());
        Assert.IsNull(column.Annotations.Schema.GetColumnOrNull("CategoricalSlotRanges"));
    }

    [TestMethod]
    public void A_key_keeps_its_values_as_text()
    {
        var data = Texts("red", "green");
        var result = _ml.Transforms.Categorical.OneHotEncoding("Out", "Text", OutputKind.Key).Fit(data).Transform(data);

        Assert.AreEqual(new KeyDataViewType(typeof(uint), 2), result.Schema["Out"].Type);
        CollectionAssert.AreEqual(new uint[] { 1, 2 }, result.Scalars<uint>("Out"));
        CollectionAssert.AreEqual(new[] { "red", "green" }, result.Schema["Out"].KeyTexts());
    }

    [TestMethod]
    public void Several_columns_are_encoded_and_saved()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Text = "x", Number = 1 }, new Row { Text = "y", Number = 2 }]);
        var model = _ml.Transforms.Categorical.OneHotEncoding([new("A", "Text"), new("Number")])
            .Append(_ml.Transforms.Concatenate("Features", "A", "Number")).Fit(data);
        var loaded = model.SaveAndLoad(data.Schema).Transform(data);

        CollectionAssert.AreEqual(new[] { "A.x", "A.y", "Number.1", "Number.2" }, loaded.SlotNames("Features"));
        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 1 }, loaded.Rows<float>("Features")[1]);
        Assert.IsTrue(loaded.Schema["Features"].IsNormalized());
    }

    [TestMethod]
    public void Categories_can_be_given()
    {
        var keys = Texts("b", "a");
        var names = _ml.Transforms.SelectColumns("Text").Fit(keys).Transform(keys);
        var data = Texts("a");
        var result = _ml.Transforms.Categorical.OneHotEncoding("Out", "Text", keyData: names).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "b", "a" }, result.SlotNames("Out"));
        CollectionAssert.AreEqual(new float[] { 0, 1 }, result.Rows<float>("Out")[0]);
    }

    [TestMethod]
    public void A_missing_column_is_told_of_before_training()
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.Categorical.OneHotEncoding("Out", "Zed").Fit(Texts("a")));
        StringAssert.Contains(error.Message, "Zed");
    }

    [TestMethod]
    public void A_prediction_engine_encodes_row_by_row()
    {
        var model = _ml.Transforms.Categorical.OneHotEncoding("Out", "Text").Fit(Texts("a", "b"));
        using var engine = _ml.Model.CreatePredictionEngine<Row, Encoded>(model);

        CollectionAssert.AreEqual(new float[] { 0, 1 }, engine.Predict(new Row { Text = "b" }).Out);
        CollectionAssert.AreEqual(new float[] { 0, 0 }, engine.Predict(new Row { Text = "z" }).Out);
    }

    private static int[] SlotRanges(DataViewSchema.Column column)
    {
        VBuffer<int> ranges = default;
        column.Annotations.GetValue("CategoricalSlotRanges", ref ranges);
        return [.. ranges.DenseValues()];
    }

    private IDataView Texts(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }).ToArray());

    private IDataView Vectors() =>
        _ml.Data.LoadFromEnumerable([new TextsRow { Texts = ["a", "b"] }, new TextsRow { Texts = ["c", "c"] }]);

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public float Number { get; set; }
    }

    private sealed class TextsRow
    {
        [VectorType(2)]
        public string[] Texts { get; set; } = [];
    }

    private sealed class Encoded
    {
        public float[] Out { get; set; } = [];
    }
}
