using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>The features of a row on their way to where they are computed with.</summary>
internal static class FeatureVector
{
    /// <summary>Reads the feature column of a row.</summary>
    public static ValueGetter<VBuffer<float>> Getter(DataViewRow row, DataViewSchema.Column column) => FeatureGetter.Of(row, column);

    /// <summary>Copies a dense or sparse vector.</summary>
    /// <param name="values">What the feature column gave.</param>
    /// <param name="row">The place for them, as wide as the column's type says.</param>
    /// <param name="column">The name of the column.</param>
    /// <param name="number">The number of the row, from 1.</param>
    /// <exception cref="InvalidOperationException">The vector has another length than its type; a shorter one would leave values of an earlier row.</exception>
    public static void CopyTo(in VBuffer<float> values, Span<float> row, string column, long number)
    {
        if (values.Length != row.Length)
            throw new InvalidOperationException(
                $"Row {number} has {values.Length} values in column '{column}', whose type says {row.Length}. Mend the transform that makes the column.");
        values.CopyTo(row);
    }
}
