using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>True as 1, false as 0.</summary>
internal sealed class BooleanLabelReader : LabelReader
{
    public override void Check(DataViewSchema.Column label)
    {
        if (label.Type is not BooleanDataViewType)
            throw Mismatch(label.Name, label.Type.ToString()!);
    }

    public override void Check(SchemaShape.Column label)
    {
        if (label.ItemType is not BooleanDataViewType || label.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw Mismatch(label.Name, SchemaMismatch.Describe(label));
    }

    public override Func<float> Open(DataViewRow row, DataViewSchema.Column label) => Getter<bool>(row, label, yes => yes ? 1 : 0);

    private static ArgumentOutOfRangeException Mismatch(string column, string actual) => SchemaMismatch.Type("label", column, "Boolean", actual,
        $"Append mlContext.Transforms.Conversion.ConvertType(\"{column}\", outputKind: DataKind.Boolean) or MapValue before the trainer.");
}
