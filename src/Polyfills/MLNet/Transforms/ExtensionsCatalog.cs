using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;
using static Microsoft.ML.Transforms.MissingValueReplacingEstimator;

namespace Microsoft.ML;

public static class ExtensionsCatalog
{
    public static MissingValueIndicatorEstimator IndicateMissingValues(
        this TransformsCatalog catalog, InputOutputColumnPair[] columns)
    {
        Contracts.CheckValue(columns, nameof(columns));
        return new(catalog.Environment, InputOutputColumnPair.ConvertToValueTuples(columns));
    }

    public static MissingValueIndicatorEstimator IndicateMissingValues(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(catalog.Environment, (outputColumnName, inputColumnName ?? outputColumnName));

    public static MissingValueReplacingEstimator ReplaceMissingValues(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        ReplacementMode replacementMode = ReplacementMode.DefaultValue,
        bool imputeBySlot = true) =>
        new(catalog.Environment, [(outputColumnName, inputColumnName ?? outputColumnName)], replacementMode, imputeBySlot);

    public static MissingValueReplacingEstimator ReplaceMissingValues(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        ReplacementMode replacementMode = ReplacementMode.DefaultValue,
        bool imputeBySlot = true)
    {
        Contracts.CheckValue(columns, nameof(columns));
        return new(catalog.Environment, InputOutputColumnPair.ConvertToValueTuples(columns), replacementMode, imputeBySlot);
    }
}
