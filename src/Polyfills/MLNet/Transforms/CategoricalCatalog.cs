using Microsoft.ML.Transforms;
using static Microsoft.ML.Transforms.OneHotEncodingEstimator;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace Microsoft.ML;

public static class CategoricalCatalog
{
    private const int MaximumNumberOfKeys = 1_000_000;

    public static OneHotEncodingEstimator OneHotEncoding(
        this TransformsCatalog.CategoricalTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        OutputKind outputKind = OutputKind.Indicator,
        int maximumNumberOfKeys = MaximumNumberOfKeys,
        KeyOrdinality keyOrdinality = KeyOrdinality.ByOccurrence,
        IDataView? keyData = null) =>
        new(catalog.Environment, [(outputColumnName, inputColumnName ?? outputColumnName)], outputKind,
            new(maximumNumberOfKeys, keyOrdinality, AnnotationsAsText: true, keyData));

    public static OneHotEncodingEstimator OneHotEncoding(
        this TransformsCatalog.CategoricalTransforms catalog,
        InputOutputColumnPair[] columns,
        OutputKind outputKind = OutputKind.Indicator,
        int maximumNumberOfKeys = MaximumNumberOfKeys,
        KeyOrdinality keyOrdinality = KeyOrdinality.ByOccurrence,
        IDataView? keyData = null) =>
        new(catalog.Environment, InputOutputColumnPair.ConvertToValueTuples(columns), outputKind,
            new(maximumNumberOfKeys, keyOrdinality, AnnotationsAsText: true, keyData));
}
