using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>Where the bins of <see cref="PiecewiseLinearEncoding"/> end.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BinEdges>))]
public enum BinEdges
{
    /// <summary>At quantiles of the feature: as many rows in each bin.</summary>
    Quantiles,

    /// <summary>
    /// Where a decision tree of the one feature splits to predict the label: bins stand where they tell something, and a feature that tells nothing by
    /// itself has few or none. For few and noisy rows; of many, features tell more together than alone, and quantiles are better. Where there is
    /// no label, as with an autoencoder, these are taken.
    /// </summary>
    Tree,
}
