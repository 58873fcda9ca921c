using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

internal static class DataViewTypeExtensions
{
    public static DataViewType GetItemType(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    /// <summary>The number of slots of a vector of known size, otherwise 0.</summary>
    public static int GetVectorSize(this DataViewType type) => type is VectorDataViewType vector ? vector.Size : 0;

    /// <summary>1 for a scalar, the number of slots of a vector, 0 where that varies.</summary>
    public static int GetValueCount(this DataViewType type) => type is VectorDataViewType vector ? vector.Size : 1;

    /// <summary>The cardinality of a key, 0 for every other type.</summary>
    public static ulong GetKeyCount(this DataViewType type) => type is KeyDataViewType key ? key.Count : 0;

    public static bool IsKnownSizeVector(this DataViewType type) => type is VectorDataViewType { IsKnownSize: true };

    public static bool IsStandardScalar(this DataViewType type) => type is NumberDataViewType or TextDataViewType or BooleanDataViewType;

    /// <summary>The type that holds values of the .NET type; text for both <see cref="string"/> and memory of characters.</summary>
    public static bool TryGetPrimitiveType(Type type, [NotNullWhen(true)] out PrimitiveDataViewType? result)
    {
        result = Type.GetTypeCode(type) switch
        {
            TypeCode.SByte => NumberDataViewType.SByte,
            TypeCode.Byte => NumberDataViewType.Byte,
            TypeCode.Int16 => NumberDataViewType.Int16,
            TypeCode.UInt16 => NumberDataViewType.UInt16,
            TypeCode.Int32 => NumberDataViewType.Int32,
            TypeCode.UInt32 => NumberDataViewType.UInt32,
            TypeCode.Int64 => NumberDataViewType.Int64,
            TypeCode.UInt64 => NumberDataViewType.UInt64,
            TypeCode.Single => NumberDataViewType.Single,
            TypeCode.Double => NumberDataViewType.Double,
            TypeCode.Boolean => BooleanDataViewType.Instance,
            TypeCode.String => TextDataViewType.Instance,
            _ when type == typeof(ReadOnlyMemory<char>) => TextDataViewType.Instance,
            _ => null,
        };
        return result is not null && !type.IsEnum;
    }

    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type) =>
        TryGetPrimitiveType(type, out var result) ? result : throw Contracts.ExceptParam(nameof(type), $"Unknown type {type}");
}
