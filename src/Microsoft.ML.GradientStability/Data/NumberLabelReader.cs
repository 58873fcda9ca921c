using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>A number as it is.</summary>
internal sealed class NumberLabelReader : LabelReader
{
    public override void Check(DataViewSchema.Column label)
    {
        if (label.Type != NumberDataViewType.Single)
            throw Mismatch(label.Name, label.Type.ToString()!);
    }

    public override void Check(SchemaShape.Column label)
    {
        if (label.ItemType != NumberDataViewType.Single || label.Kind != SchemaShape.Column.VectorKind.Scalar || label.IsKey)
            throw Mismatch(label.Name, SchemaMismatch.Describe(label));
    }

    public override Func<float> Open(DataViewRow row, DataViewSchema.Column label) => Getter<float>(row, label, number => number);

    private static ArgumentOutOfRangeException Mismatch(string column, string actual) => SchemaMismatch.Type("label", column, "Single", actual,
        $"Append mlContext.Transforms.Conversion.ConvertType(\"{column}\", outputKind: DataKind.Single) before the trainer.");
}
