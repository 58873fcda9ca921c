using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>A number as it is.</summary>
internal sealed class NumberLabelReader : LabelReader
{
    public override void Check(ColumnForm label)
    {
        if (!label.IsSingle || !label.IsScalar)
            throw SchemaMismatch.Label(label, "Single", SchemaAdvice.ToSingle(label));
    }

    public override Func<float> Open(DataViewRow row, DataViewSchema.Column label) => Getter<float>(row, label, number => number);
}
