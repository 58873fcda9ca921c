using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class MapValueTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Texts_as_keys_number_the_distinct_texts_from_one()
    {
        var result = Map<long, string>([new(0, "setosa"), new(1, "virginica"), new(2, "setosa")], true, 2, 1, 0, 9);

        Assert.AreEqual(new KeyDataViewType(typeof(uint), 2), result.Schema["Out"].Type);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 1, 0 }, result.Scalars<uint>("Out"));
        CollectionAssert.AreEqual(new[] { "setosa", "virginica" }, result.Schema["Out"].KeyTexts());
    }

    [TestMethod]
    public void Numbers_as_keys_are_numbered_too_and_named_by_their_texts()
    {
        var result = Map<long, float>([new(0, 10), new(1, 20)], true, 1, 0);

        Assert.AreEqual(new KeyDataViewType(typeof(uint), 2), result.Schema["Out"].Type);
        CollectionAssert.AreEqual(new uint[] { 2, 1 }, result.Scalars<uint>("Out"));
        CollectionAssert.AreEqual(new[] { "10", "20" }, result.Schema["Out"].KeyTexts());
    }

    [TestMethod]
    public void Unsigned_numbers_as_keys_are_keys_as_they_stand()
    {
        var narrow = Map<long, uint>([new(0, 3), new(1, 1), new(2, 2)], true, 0, 1, 2, 5);
        var wide = Map<long, ulong>([new(0, 2), new(1, 1)], true, 0, 1);

        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), narrow.Schema["Out"].Type);
        CollectionAssert.AreEqual(new uint[] { 3, 1, 2, 0 }, narrow.Scalars<uint>("Out"));
        CollectionAssert.AreEqual(new[] { "3", "1", "2" }, narrow.Schema["Out"].KeyTexts());
        Assert.AreEqual(new KeyDataViewType(typeof(ulong), 2), wide.Schema["Out"].Type);
        CollectionAssert.AreEqual(new ulong[] { 2, 1 }, wide.Scalars<ulong>("Out"));
    }

    [TestMethod]
    public void Plain_values_keep_their_type_and_unknown_keys_give_empty_text_or_zero()
    {
        var number = Map<long, float>([new(0, 1.5f)], false, 0, 9);
        var text = Map<long, string>([new(0, "zero")], false, 0, 9);
        var whole = Map<long, int>([new(0, 4)], false, 0, 9);

        Assert.AreEqual(NumberDataViewType.Single, number.Schema["Out"].Type);
        CollectionAssert.AreEqual(new[] { 1.5f, 0 }, number.Scalars<float>("Out"));
        Assert.AreEqual(TextDataViewType.Instance, text.Schema["Out"].Type);
        CollectionAssert.AreEqual(new[] { "zero", "" }, text.Texts("Out"));
        CollectionAssert.AreEqual(new[] { 4, 0 }, whole.Scalars<int>("Out"));
        Assert.IsFalse(text.Schema["Out"].HasKeyValues());
    }

    [TestMethod]
    public void Text_maps_to_numbers()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { "b", "a", "?" }.Select(text => new Texted { In = text }));
        var result = _ml.Transforms.Conversion.MapValue("In", [new KeyValuePair<string, double>("a", 1), new("b", 2)])
            .Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { 2.0, 1, 0 }, result.Scalars<double>("In"));
    }

    [TestMethod]
    public void A_vector_maps_slot_by_slot_to_a_vector_of_any_size()
    {
        var data = _ml.Data.LoadFromEnumerable([new Slots { In = [1, 0] }]);
        var result = _ml.Transforms.Conversion.MapValue("Out", [new KeyValuePair<long, float>(0, 5), new(1, 6)], "In")
            .Fit(data).Transform(data);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single), result.Schema["Out"].Type);
        CollectionAssert.AreEqual(new float[] { 6, 5 }, result.Rows<float>("Out")[0]);
    }

    [TestMethod]
    public void A_key_may_be_given_once_only() => Assert.ThrowsExactly<InvalidOperationException>(() =>
        _ml.Transforms.Conversion.MapValue("Out", [new KeyValuePair<long, float>(0, 5), new(0, 6)], "In"));

    [TestMethod]
    public void The_shape_says_key_and_key_values()
    {
        var data = _ml.Data.LoadFromEnumerable([new Number { In = 0 }]);
        var chain = _ml.Transforms.Conversion.MapValue("Out", [new KeyValuePair<long, string>(0, "a")], "In", treatValuesAsKeyType: true)
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Text", "Out"));

        CollectionAssert.AreEqual(new[] { "a" }, chain.Fit(data).Transform(data).Texts("Text"));
    }

    [TestMethod]
    public void Survives_saving_with_key_values()
    {
        var data = _ml.Data.LoadFromEnumerable(new long[] { 1, 7, 0 }.Select(number => new Number { In = number }));
        var estimator = _ml.Transforms.Conversion.MapValue("Out", [new KeyValuePair<long, string>(0, "a"), new(1, "b")], "In", true);
        var result = estimator.Fit(data).SaveAndLoad(data.Schema).Transform(data);

        CollectionAssert.AreEqual(new uint[] { 2, 0, 1 }, result.Scalars<uint>("Out"));
        CollectionAssert.AreEqual(new[] { "a", "b" }, result.Schema["Out"].KeyTexts());
    }

    private IDataView Map<TIn, TOut>(KeyValuePair<TIn, TOut>[] pairs, bool asKeys, params long[] inputs)
    {
        var data = _ml.Data.LoadFromEnumerable(inputs.Select(number => new Number { In = number }));
        return _ml.Transforms.Conversion.MapValue("Out", pairs, "In", asKeys).Fit(data).Transform(data);
    }

    private sealed class Number
    {
        public long In { get; set; }
    }

    private sealed class Texted
    {
        public string In { get; set; } = "";
    }

    private sealed class Slots
    {
        [VectorType(2)]
        public long[] In { get; set; } = [];
    }
}
