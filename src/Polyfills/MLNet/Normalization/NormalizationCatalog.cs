using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public static class NormalizationCatalog
{
    private const long MaximumExampleCount = 1_000_000_000;

    public static NormalizingEstimator NormalizeMinMax(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        long maximumExampleCount = MaximumExampleCount,
        bool fixZero = true) =>
        catalog.NormalizeMinMax([new InputOutputColumnPair(outputColumnName, inputColumnName)], maximumExampleCount, fixZero);

    public static NormalizingEstimator NormalizeMinMax(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        long maximumExampleCount = MaximumExampleCount,
        bool fixZero = true) =>
        new(catalog.Environment, columns, maximumExampleCount, new MinMaxScaling(fixZero));

    public static NormalizingEstimator NormalizeMeanVariance(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        long maximumExampleCount = MaximumExampleCount,
        bool fixZero = true,
        bool useCdf = false) =>
        catalog.NormalizeMeanVariance([new InputOutputColumnPair(outputColumnName, inputColumnName)], maximumExampleCount, fixZero, useCdf);

    public static NormalizingEstimator NormalizeMeanVariance(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        long maximumExampleCount = MaximumExampleCount,
        bool fixZero = true,
        bool useCdf = false) =>
        new(catalog.Environment, columns, maximumExampleCount, new MeanVarianceScaling(fixZero, useCdf));

    public static NormalizingEstimator NormalizeLogMeanVariance(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        long maximumExampleCount = MaximumExampleCount,
        bool useCdf = true) =>
        catalog.NormalizeLogMeanVariance(outputColumnName, fixZero: false, inputColumnName, maximumExampleCount, useCdf);

    public static NormalizingEstimator NormalizeLogMeanVariance(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        long maximumExampleCount = MaximumExampleCount,
        bool useCdf = true) =>
        catalog.NormalizeLogMeanVariance(columns, fixZero: false, maximumExampleCount, useCdf);

    public static NormalizingEstimator NormalizeLogMeanVariance(
        this TransformsCatalog catalog,
        string outputColumnName,
        bool fixZero,
        string? inputColumnName = null,
        long maximumExampleCount = MaximumExampleCount,
        bool useCdf = true) =>
        catalog.NormalizeLogMeanVariance(
            [new InputOutputColumnPair(outputColumnName, inputColumnName)], fixZero, maximumExampleCount, useCdf);

    public static NormalizingEstimator NormalizeLogMeanVariance(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        bool fixZero,
        long maximumExampleCount = MaximumExampleCount,
        bool useCdf = true) =>
        new(catalog.Environment, columns, maximumExampleCount, new MeanVarianceScaling(fixZero, useCdf, useLog: true));
}
