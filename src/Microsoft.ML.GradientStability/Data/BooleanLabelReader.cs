using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>True as 1, false as 0.</summary>
internal sealed class BooleanLabelReader : LabelReader
{
    public override void Check(ColumnForm label)
    {
        if (!label.IsBoolean || !label.IsScalar)
            throw SchemaMismatch.Label(label, "Boolean", SchemaAdvice.ToBoolean(label));
    }

    public override Func<float> Open(DataViewRow row, DataViewSchema.Column label) => Getter<bool>(row, label, yes => yes ? 1 : 0);
}
