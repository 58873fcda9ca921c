using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Types and values in their binary form, as models hold them.</summary>
internal static class DataViewTypeCodec
{
    private const byte Key = 0x40;
    private const byte Vector = 0x80;

    public static bool CanWrite(DataViewType type) =>
        type.GetItemType() is NumberDataViewType or TextDataViewType or BooleanDataViewType or KeyDataViewType;

    public static void WriteType(BinaryWriter writer, DataViewType type)
    {
        var itemType = type.GetItemType();
        var (vector, key) = (type as VectorDataViewType, itemType as KeyDataViewType);
        writer.Write((byte)((byte)KindOf(itemType.RawType) | (vector is null ? 0 : Vector) | (key is null ? 0 : Key)));
        if (key is not null)
            writer.Write(key.Count);
        if (vector is null)
            return;
        writer.Write(vector.Dimensions.Length);
        foreach (var dimension in vector.Dimensions)
            writer.Write(dimension);
    }

    public static DataViewType ReadType(BinaryReader reader)
    {
        var tag = reader.ReadByte();
        var itemType = ((DataKind)(tag & ~(Key | Vector))).ToDataViewType();
        if ((tag & Key) != 0)
            itemType = new KeyDataViewType(itemType.RawType, reader.ReadUInt64());
        if ((tag & Vector) == 0)
            return itemType;
        var dimensions = new int[reader.ReadInt32()];
        for (var i = 0; i < dimensions.Length; i++)
            dimensions[i] = reader.ReadInt32();
        return new VectorDataViewType(itemType, dimensions);
    }

    public static void WriteVBuffer<T>(BinaryWriter writer, in VBuffer<T> value)
    {
        writer.Write(value.Length);
        writer.Write(value.GetValues().Length);
        WriteValues(writer, value.GetIndices());
        WriteValues(writer, value.GetValues());
    }

    public static VBuffer<T> ReadVBuffer<T>(BinaryReader reader)
    {
        var (length, count) = (reader.ReadInt32(), reader.ReadInt32());
        Contracts.CheckDecode(0 <= count && count <= length, "A vector of the model has more values than slots");
        var indices = count < length ? ReadValues<int>(reader, count) : null;
        return new VBuffer<T>(length, count, ReadValues<T>(reader, count), indices);
    }

    public static void WriteValue<T>(BinaryWriter writer, in T value) => WriteValues(writer, new ReadOnlySpan<T>(in value));

    public static T ReadValue<T>(BinaryReader reader) => ReadValues<T>(reader, 1)[0];

    private static DataKind KindOf(Type rawType) =>
        Enum.GetValues<DataKind>().First(kind => kind.ToDataViewType().RawType == rawType);

    private static void WriteValues<T>(BinaryWriter writer, ReadOnlySpan<T> values)
    {
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            ref var first = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values));
            writer.Write(MemoryMarshal.CreateReadOnlySpan(ref first, values.Length * Unsafe.SizeOf<T>()));
            return;
        }
        foreach (var value in values)
            writer.Write(value!.ToString()!);
    }

    private static T[] ReadValues<T>(BinaryReader reader, int count)
    {
        var values = new T[count];
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            ref var first = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(values));
            reader.BaseStream.ReadExactly(MemoryMarshal.CreateSpan(ref first, count * Unsafe.SizeOf<T>()));
            return values;
        }
        for (var i = 0; i < count; i++)
            values[i] = (T)(object)reader.ReadString().AsMemory();
        return values;
    }
}
