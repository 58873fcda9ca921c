using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static Microsoft.ML.Transforms.NormalizingTransformer;

namespace GradientStability.Polyfills.MLNet.Tests;

[TestClass]
public sealed class LogMeanVarianceTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void The_distribution_function_is_that_of_the_logarithm()
    {
        var data = Points(1, MathF.E * MathF.E);
        var model = _ml.Transforms.NormalizeLogMeanVariance("X").Fit(data);
        var parameters = (CdfNormalizerModelParameters<float>)model.GetNormalizerModelParameters(0);
        var values = model.Transform(Points(MathF.E, 1, MathF.E * MathF.E, 0, -1, float.NaN)).Scalars<float>("X");

        Assert.AreEqual(1, parameters.Mean, 1e-6f);
        Assert.AreEqual(1, parameters.StandardDeviation, 1e-6f);
        Assert.IsTrue(parameters.UseLog);
        Assert.AreEqual(0.5f, values[0], 1e-6f);
        Assert.AreEqual(0.1587f, values[1], 1e-3f);
        Assert.AreEqual(0.8413f, values[2], 1e-3f);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0 }, values[3..], "where there is no logarithm");
    }

    [TestMethod]
    public void Only_positive_values_are_learned_from()
    {
        var model = _ml.Transforms.NormalizeLogMeanVariance("X").Fit(Points(1, MathF.E * MathF.E, 0, -5, float.NaN, 0));
        var parameters = (CdfNormalizerModelParameters<float>)model.GetNormalizerModelParameters(0);

        Assert.AreEqual(1, parameters.Mean, 1e-6f);
        Assert.AreEqual(1, parameters.StandardDeviation, 1e-6f);
    }

    [TestMethod]
    public void Without_the_distribution_function_the_values_are_scaled_by_the_moments_of_the_logarithm()
    {
        var data = Points(1, MathF.E * MathF.E);
        var free = (AffineNormalizerModelParameters<float>)_ml.Transforms.NormalizeLogMeanVariance("X", useCdf: false)
            .Fit(data).GetNormalizerModelParameters(0);
        var fixedZero = (AffineNormalizerModelParameters<float>)_ml.Transforms.NormalizeLogMeanVariance("X", fixZero: true, useCdf: false)
            .Fit(data).GetNormalizerModelParameters(0);

        Assert.AreEqual(1, free.Scale, 1e-6f);
        Assert.AreEqual(1, free.Offset, 1e-6f);
        Assert.AreEqual(1 / MathF.Sqrt(2), fixedZero.Scale, 1e-6f);
        Assert.AreEqual(0, fixedZero.Offset);
        Assert.AreEqual(4, _ml.Transforms.NormalizeLogMeanVariance("X", useCdf: false).Fit(data).Transform(Points(5)).Scalars<float>("X")[0], 1e-5f);
    }

    [TestMethod]
    public void Vectors_and_several_columns_are_normalized_and_saved()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { V = [1, 3], D = 1 }, new Row { V = [Math.E * Math.E, 3], D = Math.E * Math.E }]);
        InputOutputColumnPair[] columns = [new("A", "V"), new("D")];
        var model = _ml.Transforms.NormalizeLogMeanVariance(columns).Fit(data);
        var loaded = model.SaveAndLoad(data.Schema).Transform(data);

        Assert.AreEqual(0.1587, loaded.Rows<double>("A")[0][0], 1e-3);
        Assert.AreEqual(0, loaded.Rows<double>("A")[0][1], "a constant slot");
        Assert.AreEqual(0.8413, loaded.Scalars<double>("D")[1], 1e-3);
        Assert.IsTrue(loaded.Schema["A"].IsNormalized());
        var parameters = (CdfNormalizerModelParameters<ImmutableArray<double>>)model.GetNormalizerModelParameters(0);
        Assert.AreEqual(1, parameters.Mean[0], 1e-12);
        Assert.IsTrue(parameters.UseLog);
        Assert.IsInstanceOfType<AffineNormalizerModelParameters<double>>(
            _ml.Transforms.NormalizeLogMeanVariance(columns, fixZero: true, useCdf: false).Fit(data).GetNormalizerModelParameters(1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeLogMeanVariance("D", maximumExampleCount: 1).Fit(data));
    }

    private IDataView Points(params float[] values) => _ml.Data.LoadFromEnumerable(values.Select(value => new Point { X = value }).ToArray());

    private sealed class Point
    {
        public float X { get; set; }
    }

    private sealed class Row
    {
        [VectorType(2)]
        public double[] V { get; set; } = [];

        public double D { get; set; }
    }
}
