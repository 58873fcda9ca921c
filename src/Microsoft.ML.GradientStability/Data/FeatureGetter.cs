using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Reads the feature column of a row as Single, whether its items are numbers or keys; a key as its number from 1, a missing one as 0.</summary>
internal static class FeatureGetter
{
    public static ValueGetter<VBuffer<float>> Of(DataViewRow row, DataViewSchema.Column column) => ((VectorDataViewType)column.Type).ItemType switch
    {
        KeyDataViewType keys when keys.RawType == typeof(byte) => OfKeys<byte>(row, column),
        KeyDataViewType keys when keys.RawType == typeof(ushort) => OfKeys<ushort>(row, column),
        KeyDataViewType keys when keys.RawType == typeof(uint) => OfKeys<uint>(row, column),
        KeyDataViewType => OfKeys<ulong>(row, column),
        _ => row.GetGetter<VBuffer<float>>(column),
    };

    private static ValueGetter<VBuffer<float>> OfKeys<T>(DataViewRow row, DataViewSchema.Column column) where T : struct, INumber<T>
    {
        var read = row.GetGetter<VBuffer<T>>(column);
        var keys = default(VBuffer<T>);
        return (ref VBuffer<float> numbers) =>
        {
            read(ref keys);
            var values = keys.GetValues();
            var editor = VBufferEditor.Create(ref numbers, keys.Length, values.Length);
            for (var i = 0; i < values.Length; i++)
                editor.Values[i] = float.CreateChecked(values[i]);
            if (!keys.IsDense)
                keys.GetIndices().CopyTo(editor.Indices);
            numbers = editor.Commit();
        };
    }
}
