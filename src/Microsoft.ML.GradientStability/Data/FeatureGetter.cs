using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Reads a feature column of a row as Single, whether it is a value or a vector of numbers or of keys; a key as its number from 1, a missing one as 0.</summary>
internal static class FeatureGetter
{
    /// <param name="row">Of the data.</param>
    /// <param name="column">The column.</param>
    /// <param name="most">The greatest key that is none by mistake.</param>
    /// <param name="where">How an error begins.</param>
    public static ValueGetter<VBuffer<float>> Of(DataViewRow row, FeatureColumn column, int most, string where) => (column.Column.Type is VectorDataViewType vector ? vector.ItemType : column.Column.Type) switch
    {
        KeyDataViewType keys when keys.RawType == typeof(byte) => OfKeys<byte>(row, column, most, where),
        KeyDataViewType keys when keys.RawType == typeof(ushort) => OfKeys<ushort>(row, column, most, where),
        KeyDataViewType keys when keys.RawType == typeof(uint) => OfKeys<uint>(row, column, most, where),
        KeyDataViewType => OfKeys<ulong>(row, column, most, where),
        _ when column.IsScalar => OfScalar<float>(row, column),
        _ => row.GetGetter<VBuffer<float>>(column.Column),
    };

    private static ValueGetter<VBuffer<float>> OfKeys<T>(DataViewRow row, FeatureColumn column, int most, string where) where T : struct, INumber<T>
    {
        var read = column.IsScalar ? OfScalar<T>(row, column) : row.GetGetter<VBuffer<T>>(column.Column);
        var keys = default(VBuffer<T>);
        return (ref VBuffer<float> numbers) =>
        {
            read(ref keys);
            var values = keys.GetValues();
            var editor = VBufferEditor.Create(ref numbers, keys.Length, values.Length);
            for (var i = 0; i < values.Length; i++)
            {
                editor.Values[i] = float.CreateSaturating(values[i]);
                if (editor.Values[i] > most)
                    throw new InvalidOperationException(
                        $"{where}Row {row.Position + 1} has the key {values[i]} in column '{column.Name}', and the network knows the keys 1 to {most} of it. Prepare the data by the same fitted transforms as in training, so that a value it did not have is a missing key.");
            }
            if (!keys.IsDense)
                keys.GetIndices().CopyTo(editor.Indices);
            numbers = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<T>> OfScalar<T>(DataViewRow row, FeatureColumn column)
    {
        var read = row.GetGetter<T>(column.Column);
        var value = default(T)!;
        return (ref VBuffer<T> vector) =>
        {
            read(ref value);
            var editor = VBufferEditor.Create(ref vector, 1);
            editor.Values[0] = value;
            vector = editor.Commit();
        };
    }
}
