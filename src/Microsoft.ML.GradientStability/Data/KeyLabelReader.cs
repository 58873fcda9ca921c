using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>A key as the index of its class, from 0. Indexes up to 2²⁴ are exact in a Single.</summary>
internal sealed class KeyLabelReader : LabelReader
{
    public override void Check(ColumnForm label)
    {
        if (!label.IsKey || !label.IsScalar)
            throw SchemaMismatch.Label(label, "Key", SchemaAdvice.ToKey(label));
    }

    /// <summary>Keys come in four widths; 0 is a missing value, 1 the first key.</summary>
    public override Func<float> Open(DataViewRow row, DataViewSchema.Column label) => Type.GetTypeCode(label.Type.RawType) switch
    {
        TypeCode.Byte => Getter<byte>(row, label, key => Index(key)),
        TypeCode.UInt16 => Getter<ushort>(row, label, key => Index(key)),
        TypeCode.UInt32 => Getter<uint>(row, label, key => Index(key)),
        _ => Getter<ulong>(row, label, Index),
    };

    private static float Index(ulong key) => key == 0 ? float.NaN : key - 1;
}
