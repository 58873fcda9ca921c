using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Gives each row a number in [0, 1) that a split compares with its fraction: a random one, or one that follows from a column, so
/// that rows of the same key fall on the same side.
/// </summary>
internal sealed class RowSampler
{
    // ML.NET's seeds where neither the caller nor the context names one.
    private const uint DefaultRandomSeed = 42, DefaultHashSeed = 314489979;

    private readonly Func<DataViewRowCursor, Func<double>> _bind;

    private RowSampler(DataViewSchema.Column? column, Func<DataViewRowCursor, Func<double>> bind) => (Column, _bind) = (column, bind);

    /// <summary>The column that the number follows from.</summary>
    public DataViewSchema.Column? Column { get; }

    public Func<double> Bind(DataViewRowCursor cursor) => _bind(cursor);

    public static RowSampler Create(IDataView data, string? samplingKeyColumnName, int? seed)
    {
        if (samplingKeyColumnName is null)
            return new(null, cursor => Random(cursor, new TauswortheRandom((uint?)seed ?? DefaultRandomSeed)));
        var hashSeed = (uint?)seed ?? DefaultHashSeed;
        if (!data.Schema.TryGetColumn(samplingKeyColumnName, out var column))
            throw Contracts.ExceptSchemaMismatch(nameof(samplingKeyColumnName), "SamplingKeyColumn", samplingKeyColumnName);
        return column.Type switch
        {
            KeyDataViewType key => new(column, cursor => TypedCall.Of<Func<double>>(Key<uint>, [key.RawType], cursor, column, key.Count)),
            NumberDataViewType number when number.RawType == typeof(float) || number.RawType == typeof(double) =>
                TypedCall.Of<RowSampler>(Scaled<float>, [number.RawType], data, column),
            TextDataViewType => new(column, cursor => Text(cursor, column, hashSeed)),
            NumberDataViewType =>
                new(column, cursor => TypedCall.Of<Func<double>>(Integer<int>, [column.Type.RawType], cursor, column, hashSeed)),
            BooleanDataViewType => new(column, cursor => Bits<bool>(cursor, column, value => value ? 1 : 0, hashSeed)),
            _ => throw Contracts.ExceptSchemaMismatch(nameof(samplingKeyColumnName), "SamplingKeyColumn", samplingKeyColumnName,
                "a scalar", column.Type.ToString()!),
        };
    }

    // The generator runs with the position, so that every cursor over the same rows sees the same numbers.
    private static Func<double> Random(DataViewRowCursor cursor, TauswortheRandom random)
    {
        var (drawn, value) = (-1L, 0f);
        return () =>
        {
            for (; drawn < cursor.Position; drawn++)
                value = random.NextUnitSingle();
            return value;
        };
    }

    private static Func<double> Key<T>(DataViewRowCursor cursor, DataViewSchema.Column column, ulong count) where T : struct, IBinaryInteger<T>
    {
        var getter = cursor.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            // A missing key falls on neither side.
            return T.IsZero(value) ? double.NaN : (double.CreateChecked(value) - 0.5) / count;
        };
    }

    private static RowSampler Scaled<T>(IDataView data, DataViewSchema.Column column) where T : struct, IFloatingPoint<T>
    {
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        using (var cursor = data.GetRowCursor([column]))
        {
            var read = Number<T>(cursor, column);
            while (cursor.MoveNext())
                if (read() is var number && double.IsFinite(number))
                    (min, max) = (Math.Min(min, number), Math.Max(max, number));
        }
        var scale = max > min ? 1 / (max - min) : 0;
        return new(column, cursor =>
        {
            var read = Number<T>(cursor, column);
            return () => (read() - min) * scale;
        });
    }

    private static Func<double> Number<T>(DataViewRowCursor cursor, DataViewSchema.Column column) where T : struct, IFloatingPoint<T>
    {
        var getter = cursor.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return double.CreateChecked(value);
        };
    }

    private static Func<double> Text(DataViewRowCursor cursor, DataViewSchema.Column column, uint seed)
    {
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        var bytes = Array.Empty<byte>();
        return () =>
        {
            getter(ref value);
            // Nor does a missing text.
            if (value.IsEmpty)
                return double.NaN;
            var text = value.Span.Trim(' ');
            if (bytes.Length < Encoding.UTF8.GetMaxByteCount(text.Length))
                bytes = new byte[2 * Encoding.UTF8.GetMaxByteCount(text.Length)];
            return HashNumber(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), seed);
        };
    }

    private static Func<double> Integer<T>(DataViewRowCursor cursor, DataViewSchema.Column column, uint seed)
        where T : struct, IBinaryInteger<T> => Bits<T>(cursor, column, long.CreateTruncating, seed);

    // Of 32 bits at least, as ML.NET widens them.
    private static Func<double> Bits<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, long> widen, uint seed) where T : struct
    {
        var getter = cursor.GetGetter<T>(column);
        T value = default;
        var bytes = new byte[sizeof(long)];
        var length = Math.Max(sizeof(uint), Unsafe.SizeOf<T>());
        return () =>
        {
            getter(ref value);
            BinaryPrimitives.WriteInt64LittleEndian(bytes, widen(value));
            return HashNumber(bytes.AsSpan(0, length), seed);
        };
    }

    private static double HashNumber(ReadOnlySpan<byte> bytes, uint seed)
    {
        const int Bits = 30;
        return ((Murmur3.Hash(bytes, seed) & ((1 << Bits) - 1)) + 0.5) / (1 << Bits);
    }
}
