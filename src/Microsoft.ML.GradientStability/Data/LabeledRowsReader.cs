using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Reads the feature and label columns of a data view into memory, and refuses rows that no network can learn from, naming row
/// and slot.
/// </summary>
internal static class LabeledRowsReader
{
    public static LabeledRows Read(IDataView data, string labelColumn, string featureColumn)
    {
        var (features, width) = SchemaMismatch.FindFeatures(data.Schema, featureColumn);
        var label = data.Schema.GetColumnOrNull(labelColumn) ?? throw SchemaMismatch.Missing("label", labelColumn, data.Schema.Select(c => c.Name));
        if (label.Type is not KeyDataViewType key)
            throw SchemaMismatch.KeyLabel(labelColumn, label.Type.ToString()!);

        using var cursor = data.GetRowCursor([features, label]);
        var readLabel = KeyGetter(cursor, label, key);
        var readFeatures = cursor.GetGetter<VBuffer<float>>(features);
        var row = default(VBuffer<float>);
        var rows = new RowBuffer(data.GetRowCount(), width);
        while (cursor.MoveNext())
        {
            var labelKey = readLabel();
            if (labelKey == 0)
                throw new InvalidOperationException(
                    $"Row {rows.Count + 1} has no label in column '{labelColumn}'. Remove such rows, or give them a label.");
            readFeatures(ref row);
            var slots = rows.Append((long)labelKey - 1);
            row.CopyTo(slots);
            if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(slots)))
                throw NotFinite(features, slots, rows.Count);
        }
        if (rows.Count == 0)
            throw new InvalidOperationException("Training set has 0 rows. Check the source of the data and the filters before the trainer.");

        var read = rows.ToRows();
        var first = read.Labels[0];
        if (Array.TrueForAll(read.Labels, l => l == first))
            throw new InvalidOperationException(
                $"All {read.Count} rows have the same label (key {first + 1}) in column '{labelColumn}'. Classification needs at least two classes.");
        return read;
    }

    private static InvalidOperationException NotFinite(DataViewSchema.Column features, ReadOnlySpan<float> slots, int row)
    {
        var slot = 0;
        while (float.IsFinite(slots[slot]))
            slot++;
        var name = "";
        if (features.HasSlotNames())
        {
            var names = default(VBuffer<ReadOnlyMemory<char>>);
            features.GetSlotNames(ref names);
            name = $" ('{names.GetItemOrDefault(slot)}')";
        }
        return new InvalidOperationException(
            $"Row {row} has the value {slots[slot]} in slot {slot}{name} of column '{features.Name}'. A network needs finite features: "
            + "append mlContext.Transforms.ReplaceMissingValues before the trainer, or remove such rows.");
    }

    /// <summary>Keys come in four widths; 0 is a missing value, 1 the first key.</summary>
    private static Func<ulong> KeyGetter(DataViewRow row, DataViewSchema.Column column, KeyDataViewType type)
    {
        return Type.GetTypeCode(type.RawType) switch
        {
            TypeCode.Byte => Getter<byte>(v => v),
            TypeCode.UInt16 => Getter<ushort>(v => v),
            TypeCode.UInt32 => Getter<uint>(v => v),
            _ => Getter<ulong>(v => v),
        };

        Func<ulong> Getter<T>(Func<T, ulong> widen)
        {
            var getter = row.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return widen(value);
            };
        }
    }

    /// <summary>Grows by doubling where the number of rows is not known.</summary>
    private sealed class RowBuffer(long? expected, int width)
    {
        private float[] _features = new float[checked((expected ?? 1024) * width)];
        private long[] _labels = new long[expected ?? 1024];

        public int Count { get; private set; }

        public Span<float> Append(long label)
        {
            if (Count == _labels.Length)
            {
                var capacity = Math.Max(16, checked(2 * Count));
                Array.Resize(ref _labels, capacity);
                Array.Resize(ref _features, checked(capacity * width));
            }
            _labels[Count] = label;
            return _features.AsSpan(Count++ * width, width);
        }

        public LabeledRows ToRows()
        {
            Array.Resize(ref _labels, Count);
            Array.Resize(ref _features, Count * width);
            return new LabeledRows(_features, _labels, width);
        }
    }
}
