using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.Transforms.MissingValueReplacingEstimator;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class MissingValueTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    [DataRow(ReplacementMode.DefaultValue, 0f)]
    [DataRow(ReplacementMode.Mean, 2.25f)]
    [DataRow(ReplacementMode.Minimum, 0f)]
    [DataRow(ReplacementMode.Maximum, 4f)]
    [DataRow(ReplacementMode.Mode, 4f)]
    public void A_missing_scalar_is_replaced(ReplacementMode mode, float expected)
    {
        var data = Points(1, float.NaN, 4, 0, 4);
        var result = _ml.Transforms.ReplaceMissingValues("Out", "X", mode).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { 1, expected, 4, 0, 4 }, result.Scalars<float>("Out"));
        CollectionAssert.AreEqual(new[] { 1, float.NaN, 4, 0, 4 }, result.Scalars<float>("X"));
    }

    [TestMethod]
    [DataRow(ReplacementMode.DefaultValue, 0d, 0d)]
    [DataRow(ReplacementMode.Mean, 2d, 20d)]
    [DataRow(ReplacementMode.Minimum, 1d, 10d)]
    [DataRow(ReplacementMode.Maximum, 3d, 30d)]
    public void Each_slot_of_a_vector_has_a_replacement_of_its_own(ReplacementMode mode, double first, double second)
    {
        var data = Vectors([1, 10], [double.NaN, 30], [3, double.NaN]);
        var result = _ml.Transforms.ReplaceMissingValues("V", replacementMode: mode).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { first, 30 }, result.Rows<double>("V")[1]);
        CollectionAssert.AreEqual(new[] { 3, second }, result.Rows<double>("V")[2]);
    }

    [TestMethod]
    [DataRow(ReplacementMode.Mean, 11d)]
    [DataRow(ReplacementMode.Minimum, 1d)]
    [DataRow(ReplacementMode.Maximum, 30d)]
    [DataRow(ReplacementMode.Mode, 1d)]
    public void All_slots_can_share_a_replacement(ReplacementMode mode, double expected)
    {
        var data = Vectors([1, 10], [double.NaN, 30], [3, double.NaN]);
        var result = _ml.Transforms.ReplaceMissingValues("V", replacementMode: mode, imputeBySlot: false).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { expected, 30 }, result.Rows<double>("V")[1]);
        CollectionAssert.AreEqual(new[] { 3, expected }, result.Rows<double>("V")[2]);
    }

    [TestMethod]
    public void Sparse_zeros_count_and_stay_sparse()
    {
        var rows = new[] { Sparse(1, 4f), Sparse(2, float.NaN), Sparse(1, float.NaN) };
        var data = _ml.Data.LoadFromEnumerable(rows);
        var result = _ml.Transforms.ReplaceMissingValues("S", replacementMode: ReplacementMode.Mean).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new float[] { 0, 4, 0, 0 }, result.Rows<float>("S")[0]);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0 }, result.Rows<float>("S")[1]);
        CollectionAssert.AreEqual(new float[] { 0, 2, 0, 0 }, result.Rows<float>("S")[2]);
        Assert.AreEqual(0, result.Vectors<float>("S")[1].GetValues().Length);
    }

    [TestMethod]
    public void A_column_of_missing_values_gets_the_default_by_its_mean()
    {
        var data = Points(float.NaN, float.NaN);
        var result = _ml.Transforms.ReplaceMissingValues("X", replacementMode: ReplacementMode.Mean).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new float[] { 0, 0 }, result.Scalars<float>("X"));
    }

    [TestMethod]
    public void Replacements_are_saved_with_several_columns()
    {
        var data = _ml.Data.LoadFromEnumerable([new Point { X = 2, Y = float.NaN }, new Point { X = float.NaN, Y = 8 }]);
        var model = _ml.Transforms.ReplaceMissingValues([new("A", "X"), new("Y")], ReplacementMode.Maximum).Fit(data);
        var loaded = model.SaveAndLoad(data.Schema).Transform(data);

        CollectionAssert.AreEqual(new float[] { 2, 2 }, loaded.Scalars<float>("A"));
        CollectionAssert.AreEqual(new float[] { 8, 8 }, loaded.Scalars<float>("Y"));
    }

    [TestMethod]
    public void Slot_replacements_are_saved()
    {
        var data = Vectors([1, 10], [double.NaN, double.NaN]);
        var model = _ml.Transforms.ReplaceMissingValues("V", replacementMode: ReplacementMode.Minimum).Fit(data);

        CollectionAssert.AreEqual(new double[] { 1, 10 }, model.SaveAndLoad(data.Schema).Transform(data).Rows<double>("V")[1]);
    }

    [TestMethod]
    public void Replacing_keeps_slot_names_and_the_normalized_flag()
    {
        var data = _ml.Data.LoadFromEnumerable([new Point { X = 1, Y = 2 }, new Point { X = 2, Y = 4 }]);
        var chain = _ml.Transforms.Concatenate("V", "X", "Y").Append(_ml.Transforms.NormalizeMinMax("V"))
            .Append(_ml.Transforms.ReplaceMissingValues("V", replacementMode: ReplacementMode.Mean));
        var result = chain.Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "X", "Y" }, result.SlotNames("V"));
        Assert.IsTrue(result.Schema["V"].IsNormalized());
    }

    [TestMethod]
    public void Only_reals_have_missing_values_to_replace()
    {
        var data = _ml.Data.LoadFromEnumerable([new Texts { Text = "" }]);
        Assert.Throws<ArgumentException>(() => _ml.Transforms.ReplaceMissingValues("Text").Fit(data));
        Assert.Throws<ArgumentException>(() => _ml.Transforms.ReplaceMissingValues("Zed").Fit(data));
    }

    [TestMethod]
    public void A_vector_of_another_size_does_not_fit_the_replacements()
    {
        var model = _ml.Transforms.ReplaceMissingValues("V", replacementMode: ReplacementMode.Mean).Fit(Vectors([1, 2]));
        var other = _ml.Data.LoadFromEnumerable([new Three { V = [1, 2, 3] }]);
        Assert.Throws<ArgumentException>(() => model.Transform(other));
    }

    [TestMethod]
    public void Missing_scalars_are_indicated()
    {
        var data = Points(1, float.NaN, 0);
        var result = _ml.Transforms.IndicateMissingValues("Missing", "X").Fit(data).Transform(data);

        Assert.AreEqual(BooleanDataViewType.Instance, result.Schema["Missing"].Type);
        CollectionAssert.AreEqual(new[] { false, true, false }, result.Scalars<bool>("Missing"));
        Assert.IsTrue(result.Schema["Missing"].IsNormalized());
    }

    [TestMethod]
    public void Missing_slots_are_indicated()
    {
        var data = Vectors([1, double.NaN], [double.NaN, double.NaN], [0, 0]);
        var model = _ml.Transforms.IndicateMissingValues([new InputOutputColumnPair("M", "V")]).Fit(data);
        var result = model.SaveAndLoad(data.Schema).Transform(data);

        Assert.AreEqual(new VectorDataViewType(BooleanDataViewType.Instance, 2), result.Schema["M"].Type);
        CollectionAssert.AreEqual(new[] { false, true }, result.Rows<bool>("M")[0]);
        CollectionAssert.AreEqual(new[] { true, true }, result.Rows<bool>("M")[1]);
        CollectionAssert.AreEqual(new[] { false, false }, result.Rows<bool>("M")[2]);
    }

    [TestMethod]
    public void Sparse_slots_and_missing_keys_are_indicated()
    {
        var sparse = _ml.Data.LoadFromEnumerable([Sparse(1, float.NaN)]);
        CollectionAssert.AreEqual(new[] { false, true, false, false },
            _ml.Transforms.IndicateMissingValues("M", "S").Fit(sparse).Transform(sparse).Rows<bool>("M")[0]);

        var texts = _ml.Data.LoadFromEnumerable([new Texts { Text = "a" }, new Texts { Text = "" }]);
        var keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(texts).Transform(texts);
        CollectionAssert.AreEqual(new[] { false, true },
            _ml.Transforms.IndicateMissingValues("M", "Key").Fit(keys).Transform(keys).Scalars<bool>("M"));
    }

    [TestMethod]
    public void Texts_are_never_missing()
    {
        var data = _ml.Data.LoadFromEnumerable([new Texts { Text = "" }]);
        Assert.Throws<Exception>(() => _ml.Transforms.IndicateMissingValues("M", "Text").Fit(data));
        var chain = _ml.Transforms.CopyColumns("T", "Text").Append(_ml.Transforms.IndicateMissingValues("M", "T"));
        Assert.Throws<ArgumentException>(() => chain.Fit(data));
    }

    private static SparseRow Sparse(int slot, float value) => new() { S = new VBuffer<float>(4, 1, [value], [slot]) };

    private IDataView Points(params float[] values) => _ml.Data.LoadFromEnumerable(values.Select(x => new Point { X = x }).ToArray());

    private IDataView Vectors(params double[][] rows) => _ml.Data.LoadFromEnumerable(rows.Select(row => new Vector { V = row }).ToArray());

    private sealed class Point
    {
        public float X { get; set; }

        public float Y { get; set; }
    }

    private sealed class Vector
    {
        [VectorType(2)]
        public double[] V { get; set; } = [];
    }

    private sealed class Three
    {
        [VectorType(3)]
        public double[] V { get; set; } = [];
    }

    private sealed class SparseRow
    {
        [VectorType(4)]
        public VBuffer<float> S { get; set; }
    }

    private sealed class Texts
    {
        public string Text { get; set; } = "";
    }
}
