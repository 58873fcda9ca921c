using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace Microsoft.ML;

// The filter by feature weights finds none to filter by: there are no models here that ML.NET can ask for them.
public static class PermutationFeatureImportanceExtensions
{
    public static ImmutableArray<RegressionMetricsStatistics> PermutationFeatureImportance<TModel>(
        this RegressionCatalog catalog,
        ISingleFeaturePredictionTransformer<TModel> predictionTransformer,
        IDataView data,
        string labelColumnName = "Label",
        bool useFeatureWeightFilter = false,
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
        where TModel : class =>
        FeaturePermutation.Measure(catalog.Environment, predictionTransformer, predictionTransformer.FeatureColumnName, data,
            scored => catalog.Evaluate(scored, labelColumnName), () => new RegressionMetricsStatistics(),
            numberOfExamplesToUse, permutationCount);

    public static ImmutableArray<BinaryClassificationMetricsStatistics> PermutationFeatureImportance<TModel>(
        this BinaryClassificationCatalog catalog,
        ISingleFeaturePredictionTransformer<TModel> predictionTransformer,
        IDataView data,
        string labelColumnName = "Label",
        bool useFeatureWeightFilter = false,
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
        where TModel : class =>
        FeaturePermutation.Measure(catalog.Environment, predictionTransformer, predictionTransformer.FeatureColumnName, data,
            scored => catalog.EvaluateNonCalibrated(scored, labelColumnName), () => new BinaryClassificationMetricsStatistics(),
            numberOfExamplesToUse, permutationCount);

    public static ImmutableArray<MulticlassClassificationMetricsStatistics> PermutationFeatureImportance<TModel>(
        this MulticlassClassificationCatalog catalog,
        ISingleFeaturePredictionTransformer<TModel> predictionTransformer,
        IDataView data,
        string labelColumnName = "Label",
        bool useFeatureWeightFilter = false,
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
        where TModel : class =>
        FeaturePermutation.Measure(catalog.Environment, predictionTransformer, predictionTransformer.FeatureColumnName, data,
            scored => catalog.Evaluate(scored, labelColumnName), () => new MulticlassClassificationMetricsStatistics(),
            numberOfExamplesToUse, permutationCount);
}
