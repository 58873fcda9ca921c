using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>A key as the index of its class, from 0.</summary>
internal sealed class KeyLabelReader : LabelReader
{
    /// <summary>2²⁴: up to there indexes are exact in a Single.</summary>
    public const int MostClasses = 1 << 24;

    public override void Check(ColumnForm label)
    {
        if (!label.IsKey || !label.IsScalar)
            throw SchemaMismatch.Label(label, "Key", SchemaAdvice.ToKey(label));
        if (label.ItemType is KeyDataViewType keys && keys.Count > MostClasses)
            throw SchemaMismatch.TooManyKeys(label.Name, keys.Count, MostClasses);
    }

    /// <summary>Keys come in four widths; 0 is a missing value, 1 the first key.</summary>
    public override Func<float> Open(DataViewRow row, DataViewSchema.Column label)
    {
        var count = ((KeyDataViewType)label.Type).Count;
        return Type.GetTypeCode(label.Type.RawType) switch
        {
            TypeCode.Byte => Getter<byte>(row, label, key => Index(key, count)),
            TypeCode.UInt16 => Getter<ushort>(row, label, key => Index(key, count)),
            TypeCode.UInt32 => Getter<uint>(row, label, key => Index(key, count)),
            _ => Getter<ulong>(row, label, key => Index(key, count)),
        };
    }

    public override string Describe(float target) => "a key beyond the count of its type";

    private static float Index(ulong key, ulong count) => key == 0 ? float.NaN : key <= count ? key - 1 : float.PositiveInfinity;
}
