using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static Microsoft.ML.Transforms.NormalizingTransformer;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class NormalizationTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Min_max_with_zero_fixed_divides_by_the_greatest_magnitude() =>
        AreClose([-1, 0, 0.5f], Fit(_ml.Transforms.NormalizeMinMax("X"), -4, 0, 2));

    [TestMethod]
    public void Min_max_maps_the_range_to_zero_and_one() =>
        AreClose([0, 2 / 3f, 1], Fit(_ml.Transforms.NormalizeMinMax("X", fixZero: false), -4, 0, 2));

    [TestMethod]
    public void Mean_variance_with_zero_fixed_divides_by_the_root_of_the_mean_square()
    {
        var root = MathF.Sqrt((1 + 4 + 9 + 0) / 4f);
        AreClose([1 / root, 2 / root, 3 / root, 0], Fit(_ml.Transforms.NormalizeMeanVariance("X"), 1, 2, 3, 0));
    }

    [TestMethod]
    public void Mean_variance_standardizes_by_the_population_deviation()
    {
        var deviation = MathF.Sqrt(1.25f);
        AreClose([-1.5f / deviation, -0.5f / deviation, 0.5f / deviation, 1.5f / deviation],
            Fit(_ml.Transforms.NormalizeMeanVariance("X", fixZero: false), 0, 1, 2, 3));
    }

    [TestMethod]
    public void The_distribution_function_is_a_half_at_the_mean_and_five_sixths_at_one_deviation()
    {
        var model = _ml.Transforms.NormalizeMeanVariance("X", fixZero: false, useCdf: true).Fit(Points(1, 3));
        var normalized = model.Transform(Points(1, 3, 2, float.NaN)).Scalars<float>("X");

        Assert.AreEqual(0.1587, normalized[0], 1e-3);
        Assert.AreEqual(0.8413, normalized[1], 1e-3);
        Assert.AreEqual(0.5, normalized[2], 1e-6);
        Assert.AreEqual(0, normalized[3]);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_constant_column_becomes_zero(bool fixZero)
    {
        AreClose([0, 0], Fit(_ml.Transforms.NormalizeMinMax("X", fixZero: fixZero), 5, 5));
        AreClose([0, 0], Fit(_ml.Transforms.NormalizeMeanVariance("X", fixZero: fixZero), 5, 5));
        AreClose([0, 0], Fit(_ml.Transforms.NormalizeMeanVariance("X", fixZero: fixZero, useCdf: true), 5, 5));
    }

    [TestMethod]
    public void Missing_values_do_not_count_and_stay_missing()
    {
        AreClose([0.5f, float.NaN, 1], Fit(_ml.Transforms.NormalizeMinMax("X"), 1, float.NaN, 2));
        AreClose([-1, float.NaN, 1], Fit(_ml.Transforms.NormalizeMeanVariance("X", fixZero: false), 1, float.NaN, 3));
        AreClose([float.NaN], Fit(_ml.Transforms.NormalizeMinMax("X"), float.NaN));
    }

    [TestMethod]
    public void Only_the_first_examples_are_looked_at()
    {
        AreClose([0.5f, 1, 4], Fit(_ml.Transforms.NormalizeMinMax("X", maximumExampleCount: 2), 1, 2, 8));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("X", maximumExampleCount: 1));
    }

    [TestMethod]
    public void Vectors_are_normalized_slot_by_slot_and_keep_their_slot_names()
    {
        var data = _ml.Data.LoadFromEnumerable([new Point { X = 1, Y = 10 }, new Point { X = 2, Y = -20 }]);
        var result = _ml.Transforms.Concatenate("XY", "X", "Y").Append(_ml.Transforms.NormalizeMinMax("Out", "XY"))
            .Fit(data).Transform(data);

        AreClose([0.5f, 0.5f], result.Rows<float>("Out")[0]);
        AreClose([1, -1], result.Rows<float>("Out")[1]);
        CollectionAssert.AreEqual(new[] { "X", "Y" }, result.SlotNames("Out"));
        Assert.IsTrue(result.Schema["Out"].IsNormalized());
        Assert.AreEqual(result.Schema["XY"].Type, result.Schema["Out"].Type);
    }

    [TestMethod]
    public void The_zeros_of_sparse_vectors_count()
    {
        var data = Sparse(new VBuffer<double>(5, 1, [4], [1]), new VBuffer<double>(5, 1, [8], [1]), new VBuffer<double>(5, 0, [], []));
        var minMax = _ml.Transforms.NormalizeMinMax("V", fixZero: false).Fit(data).Transform(data).Vectors<double>("V");
        var moments = (AffineNormalizerModelParameters<ImmutableArray<double>>)
            _ml.Transforms.NormalizeMeanVariance("V", fixZero: false).Fit(data).GetNormalizerModelParameters(0);

        CollectionAssert.AreEqual(new double[] { 0, 0.5, 0, 0, 0 }, minMax[0].DenseValues().ToArray());
        Assert.IsFalse(minMax[0].IsDense);
        Assert.AreEqual(4, moments.Offset[1], 1e-12);
        Assert.AreEqual(1 / Math.Sqrt(32 / 3.0), moments.Scale[1], 1e-12);
        Assert.AreEqual(0, moments.Scale[0]);
    }

    [TestMethod]
    public void The_fitted_parameters_can_be_read()
    {
        var data = Points(-4, 2);
        var fixedZero = (AffineNormalizerModelParameters<float>)_ml.Transforms.NormalizeMinMax("X")
            .Fit(data).GetNormalizerModelParameters(0);
        var free = (AffineNormalizerModelParameters<float>)_ml.Transforms.NormalizeMinMax("X", fixZero: false)
            .Fit(data).GetNormalizerModelParameters(0);
        var cdf = (CdfNormalizerModelParameters<float>)_ml.Transforms.NormalizeMeanVariance("X", useCdf: true)
            .Fit(data).GetNormalizerModelParameters(0);

        Assert.AreEqual((0.25f, 0f), (fixedZero.Scale, fixedZero.Offset));
        Assert.AreEqual((1 / 6f, -4f), (free.Scale, free.Offset));
        Assert.AreEqual((-1f, 3f, false), (cdf.Mean, cdf.StandardDeviation, cdf.UseLog));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("X")
            .Fit(data).GetNormalizerModelParameters(1));
    }

    [TestMethod]
    public void A_vector_without_offsets_reports_none()
    {
        var data = _ml.Data.LoadFromEnumerable([new Point { X = 1, Y = 10 }, new Point { X = 2, Y = -20 }]);
        var vectors = _ml.Transforms.Concatenate("XY", "X", "Y").Fit(data).Transform(data);
        var parameters = (AffineNormalizerModelParameters<ImmutableArray<float>>)_ml.Transforms.NormalizeMinMax("XY")
            .Fit(vectors).GetNormalizerModelParameters(0);

        Assert.IsTrue(parameters.Offset.IsEmpty);
        AreClose([0.5f, 0.05f], [.. parameters.Scale]);
    }

    [TestMethod]
    public void Several_columns_are_normalized_at_once()
    {
        var data = _ml.Data.LoadFromEnumerable([new Point { X = 1, Y = 10 }, new Point { X = 2, Y = -20 }]);
        InputOutputColumnPair[] columns = [new("A", "X"), new("B", "Y")];
        var minMax = _ml.Transforms.NormalizeMinMax(columns).Fit(data).Transform(data);
        var moments = _ml.Transforms.NormalizeMeanVariance(columns, fixZero: false).Fit(data).Transform(data);

        AreClose([0.5f, 1], minMax.Scalars<float>("A"));
        AreClose([0.5f, -1], minMax.Scalars<float>("B"));
        AreClose([-1, 1], moments.Scalars<float>("A"));
        AreClose([1, -1], moments.Scalars<float>("B"));
    }

    [TestMethod]
    public void Only_floating_point_numbers_of_a_known_count_are_normalized()
    {
        var data = _ml.Data.LoadFromEnumerable([new Refused { Whole = 1, Open = [1] }]);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("Whole").Fit(data));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("Open").Fit(data));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("Zed").Fit(data));
    }

    [TestMethod]
    public void Survives_saving()
    {
        var data = _ml.Data.LoadFromEnumerable([new Point { X = 1, Y = 10 }, new Point { X = 2, Y = -20 }]);
        var chain = _ml.Transforms.Concatenate("XY", "X", "Y")
            .Append(_ml.Transforms.NormalizeMinMax("MinMax", "XY", fixZero: false))
            .Append(_ml.Transforms.NormalizeMeanVariance("Cdf", "X", fixZero: false, useCdf: true));
        var model = chain.Fit(data);
        var (before, after) = (model.Transform(data), model.SaveAndLoad(data.Schema).Transform(data));

        CollectionAssert.AreEqual(before.Rows<float>("MinMax")[1], after.Rows<float>("MinMax")[1]);
        CollectionAssert.AreEqual(before.Scalars<float>("Cdf"), after.Scalars<float>("Cdf"));
        CollectionAssert.AreEqual(new float[] { 1, 0 }, after.Rows<float>("MinMax")[1]);
    }

    private float[] Fit(NormalizingEstimator estimator, params float[] values)
    {
        var data = Points(values);
        return estimator.Fit(data).Transform(data).Scalars<float>("X");
    }

    private IDataView Points(params float[] values) => _ml.Data.LoadFromEnumerable(values.Select(value => new Point { X = value }));

    private IDataView Sparse(params VBuffer<double>[] rows) => _ml.Data.LoadFromEnumerable(rows.Select(row => new Vector { V = row }));

    private static void AreClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-6f, $"value {i}");
    }

    private sealed class Point
    {
        public float X { get; set; }

        public float Y { get; set; }
    }

    private sealed class Vector
    {
        [VectorType(5)]
        public VBuffer<double> V { get; set; }
    }

    private sealed class Refused
    {
        public int Whole { get; set; }

        public float[] Open { get; set; } = [];
    }
}
