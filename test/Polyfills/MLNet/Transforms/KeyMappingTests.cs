using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class KeyMappingTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Keys_follow_the_order_of_occurrence()
    {
        var data = Data("dog", "cat", "dog", "", "ape");
        var result = _ml.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(data).Transform(data);

        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), result.Schema["Key"].Type);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 1, 0, 3 }, result.Scalars<uint>("Key"));
        CollectionAssert.AreEqual(new[] { "dog", "cat", "ape" }, result.Schema["Key"].KeyTexts());
    }

    [TestMethod]
    public void Keys_follow_the_ordinal_order_of_the_values()
    {
        var data = Data("b", "a", "B");
        var result = _ml.Transforms.Conversion.MapValueToKey("Key", "Text", keyOrdinality: KeyOrdinality.ByValue).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "B", "a", "b" }, result.Schema["Key"].KeyTexts());
        CollectionAssert.AreEqual(new uint[] { 3, 2, 1 }, result.Scalars<uint>("Key"));
    }

    [TestMethod]
    public void Numbers_keep_their_type_as_key_values_and_NaN_is_missing()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 7f, float.NaN, -1f, 7f }.Select(number => new Numbered { Number = number }));
        var byValue = _ml.Transforms.Conversion.MapValueToKey("Number", keyOrdinality: KeyOrdinality.ByValue)
            .Fit(data).Transform(data);

        CollectionAssert.AreEqual(new uint[] { 2, 0, 1, 2 }, byValue.Scalars<uint>("Number"));
        CollectionAssert.AreEqual(new float[] { -1, 7 }, byValue.Schema["Number"].KeyValues<float>());
    }

    [TestMethod]
    public void Key_values_can_be_texts_of_numbers()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 7f, 0.5f }.Select(number => new Numbered { Number = number }));
        var result = _ml.Transforms.Conversion.MapValueToKey("Number", addKeyValueAnnotationsAsText: true).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "7", "0.5" }, result.Schema["Number"].KeyTexts());
    }

    [TestMethod]
    public void Values_beyond_the_maximum_and_unseen_values_are_missing()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Text", maximumNumberOfKeys: 2).Fit(Data("a", "b", "c"));
        var result = model.Transform(Data("c", "b", "z"));

        Assert.AreEqual(new KeyDataViewType(typeof(uint), 2), result.Schema["Text"].Type);
        CollectionAssert.AreEqual(new uint[] { 0, 2, 0 }, result.Scalars<uint>("Text"));
    }

    [TestMethod]
    public void Key_data_fixes_the_keys()
    {
        var keyData = _ml.Data.LoadFromEnumerable(new[] { "x", "y" }.Select(text => new Texted { Text = text }));
        var result = _ml.Transforms.Conversion.MapValueToKey("Text", keyData: keyData)
            .Fit(Data("y", "q", "x")).Transform(Data("y", "q", "x"));

        CollectionAssert.AreEqual(new uint[] { 2, 0, 1 }, result.Scalars<uint>("Text"));
        CollectionAssert.AreEqual(new[] { "x", "y" }, result.Schema["Text"].KeyTexts());
    }

    [TestMethod]
    public void Vectors_map_slot_by_slot_and_back()
    {
        var data = _ml.Data.LoadFromEnumerable([new Worded { Words = ["a", "b", ""] }, new Worded { Words = ["b", "b", "c"] }]);
        var chain = _ml.Transforms.Conversion.MapValueToKey("Keys", "Words")
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Keys"));
        var result = chain.Fit(data).Transform(data);

        CollectionAssert.AreEqual(new uint[] { 1, 2, 0 }, result.Rows<uint>("Keys")[0]);
        CollectionAssert.AreEqual(new uint[] { 2, 2, 3 }, result.Rows<uint>("Keys")[1]);
        CollectionAssert.AreEqual(new[] { "a", "b", "" }, result.Rows<ReadOnlyMemory<char>>("Back")[0]
            .Select(text => text.ToString()).ToArray());
    }

    [TestMethod]
    public void Keys_map_back_to_their_values_and_missing_keys_to_missing_values()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 7f, float.NaN, -1f }.Select(number => new Numbered { Number = number }));
        var chain = _ml.Transforms.Conversion.MapValueToKey("Key", "Number").Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key"));
        var result = chain.Fit(data).Transform(data);

        Assert.AreEqual(NumberDataViewType.Single, result.Schema["Back"].Type);
        CollectionAssert.AreEqual(new[] { 7f, float.NaN, -1f }, result.Scalars<float>("Back"));
    }

    [TestMethod]
    public void Only_keys_with_values_map_back()
    {
        var data = Data("a");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapKeyToValue("Text")
            .Append(_ml.Transforms.CopyColumns("T", "Text")).Fit(data));
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.Conversion.MapKeyToValue("Text").Fit(data));
    }

    [TestMethod]
    public void Several_columns_map_at_once_and_survive_saving()
    {
        var data = _ml.Data.LoadFromEnumerable([new Labelled { Text = "a", Other = "x" }, new Labelled { Text = "b", Other = "x" }]);
        InputOutputColumnPair[] there = [new("TextKey", "Text"), new("OtherKey", "Other")];
        InputOutputColumnPair[] back = [new("Text", "TextKey"), new("Other", "OtherKey")];
        var model = _ml.Transforms.Conversion.MapValueToKey(there).Append(_ml.Transforms.Conversion.MapKeyToValue(back))
            .Fit(data).SaveAndLoad(data.Schema);
        var result = model.Transform(data);

        CollectionAssert.AreEqual(new uint[] { 1, 2 }, result.Scalars<uint>("TextKey"));
        CollectionAssert.AreEqual(new uint[] { 1, 1 }, result.Scalars<uint>("OtherKey"));
        CollectionAssert.AreEqual(new[] { "a", "b" }, result.Texts("Text"));
        CollectionAssert.AreEqual(new[] { "a", "b" }, result.Schema["TextKey"].KeyTexts());
    }

    private IDataView Data(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new Texted { Text = text }));

    private sealed class Texted
    {
        public string Text { get; set; } = "";
    }

    private sealed class Labelled
    {
        public string Text { get; set; } = "";

        public string Other { get; set; } = "";
    }

    private sealed class Numbered
    {
        public float Number { get; set; }
    }

    private sealed class Worded
    {
        [VectorType(3)]
        public string[] Words { get; set; } = [];
    }
}
