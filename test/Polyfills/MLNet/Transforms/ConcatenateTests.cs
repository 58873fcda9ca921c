using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class ConcatenateTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Scalars_become_the_slots_of_a_vector_named_after_them()
    {
        var data = _ml.Data.LoadFromEnumerable([new Flowers { A = 1, B = 2 }, new Flowers { A = 3, B = 4 }]);
        var result = _ml.Transforms.Concatenate("Features", "B", "A").Fit(data).Transform(data);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), result.Schema["Features"].Type);
        CollectionAssert.AreEqual(new float[] { 2, 1 }, result.Rows<float>("Features")[0]);
        CollectionAssert.AreEqual(new float[] { 4, 3 }, result.Rows<float>("Features")[1]);
        CollectionAssert.AreEqual(new[] { "B", "A" }, result.SlotNames("Features"));
    }

    [TestMethod]
    public void The_slots_of_a_vector_are_named_column_dot_slot()
    {
        var data = _ml.Data.LoadFromEnumerable([new Flowers { A = 1, B = 2 }]);
        var chain = _ml.Transforms.Concatenate("AB", "A", "B").Append(_ml.Transforms.Concatenate("Features", "A", "AB"));
        var result = chain.Fit(data).Transform(data);

        CollectionAssert.AreEqual(new float[] { 1, 1, 2 }, result.Rows<float>("Features")[0]);
        CollectionAssert.AreEqual(new[] { "A", "AB.A", "AB.B" }, result.SlotNames("Features"));
    }

    [TestMethod]
    public void A_single_vector_passes_with_its_annotations()
    {
        var data = _ml.Data.LoadFromEnumerable([new Flowers { A = 1, B = 2 }]);
        var chain = _ml.Transforms.Concatenate("AB", "A", "B").Append(_ml.Transforms.Concatenate("Features", "AB"));

        CollectionAssert.AreEqual(new[] { "A", "B" }, chain.Fit(data).Transform(data).SlotNames("Features"));
    }

    [TestMethod]
    public void Vectors_that_are_mostly_zero_stay_sparse()
    {
        var data = _ml.Data.LoadFromEnumerable(
        [
            new Wide { A = 7, V = new VBuffer<float>(6, 1, [5], [2]) },
            new Wide { A = 7, V = new VBuffer<float>(6, [1, 2, 3, 4, 5, 6]) },
        ]);
        var rows = _ml.Transforms.Concatenate("Features", "V", "A").Fit(data).Transform(data).Vectors<float>("Features");

        Assert.IsFalse(rows[0].IsDense);
        Assert.IsTrue(rows[1].IsDense);
        CollectionAssert.AreEqual(new[] { 2, 6 }, rows[0].GetIndices().ToArray());
        CollectionAssert.AreEqual(new float[] { 5, 7 }, rows[0].GetValues().ToArray());
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6, 7 }, rows[1].DenseValues().ToArray());
    }

    [TestMethod]
    public void Normalized_columns_make_a_normalized_column()
    {
        var data = _ml.Data.LoadFromEnumerable([new Flowers { A = 1, B = 2 }, new Flowers { A = 2, B = 2 }]);
        var chain = _ml.Transforms.NormalizeMinMax("A").Append(_ml.Transforms.Concatenate("Both", "A", "B"))
            .Append(_ml.Transforms.Concatenate("One", "A"));
        var result = chain.Fit(data).Transform(data);

        Assert.IsTrue(result.Schema["One"].IsNormalized());
        Assert.IsFalse(result.Schema["Both"].IsNormalized());
    }

    [TestMethod]
    public void A_missing_column_is_named()
    {
        var data = _ml.Data.LoadFromEnumerable([new Flowers()]);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("Features", "A", "Zed")
            .Fit(data).Transform(data));

        StringAssert.Contains(error.Message, "Zed");
    }

    [TestMethod]
    public void Different_types_are_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new Flowers()]);
        var estimator = _ml.Transforms.Concatenate("Features", "A", "Name");

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data).Transform(data));
        Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Append(_ml.Transforms.CopyColumns("F", "Features")).Fit(data));
    }

    [TestMethod]
    public void Survives_saving()
    {
        var data = _ml.Data.LoadFromEnumerable([new Flowers { A = 1, B = 2 }]);
        var model = _ml.Transforms.Concatenate("Features", "B", "A").Fit(data).SaveAndLoad(data.Schema);

        CollectionAssert.AreEqual(new float[] { 2, 1 }, model.Transform(data).Rows<float>("Features")[0]);
    }

    private sealed class Flowers
    {
        public float A { get; set; }

        public float B { get; set; }

        public string Name { get; set; } = "";
    }

    private sealed class Wide
    {
        public float A { get; set; }

        [VectorType(6)]
        public VBuffer<float> V { get; set; }
    }
}
