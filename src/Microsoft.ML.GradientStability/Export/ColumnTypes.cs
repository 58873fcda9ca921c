using Microsoft.ML.Data;
using ElementType = Microsoft.ML.GradientStability.OnnxProto.TensorProto.Types.DataType;

namespace Microsoft.ML.GradientStability;

/// <summary>Columns as tensors of batch × width.</summary>
internal static class ColumnTypes
{
    private static readonly Dictionary<Type, ElementType> s_types = new()
    {
        [typeof(float)] = ElementType.Float,
        [typeof(double)] = ElementType.Double,
        [typeof(sbyte)] = ElementType.Int8,
        [typeof(byte)] = ElementType.Uint8,
        [typeof(short)] = ElementType.Int16,
        [typeof(ushort)] = ElementType.Uint16,
        [typeof(int)] = ElementType.Int32,
        [typeof(uint)] = ElementType.Uint32,
        [typeof(long)] = ElementType.Int64,
        [typeof(ulong)] = ElementType.Uint64,
        [typeof(bool)] = ElementType.Bool,
        [typeof(ReadOnlyMemory<char>)] = ElementType.String,
    };

    /// <summary>The type of the tensor, and its width.</summary>
    /// <exception cref="NotSupportedException">The column has no form as a tensor.</exception>
    public static (ElementType Type, int Width) Of(DataViewSchema.Column column)
    {
        if (IsFree(column))
            throw new NotSupportedException($"Column '{column.Name}' is {column.Type}, which has another length in every row; a file takes such vectors and gives none");
        return OfInput(column);
    }

    /// <summary>The same of an input; its width is 0 where rows have different numbers of values.</summary>
    /// <exception cref="NotSupportedException">The column has no form as a tensor.</exception>
    public static (ElementType Type, int Width) OfInput(DataViewSchema.Column column)
    {
        var width = column.Type is VectorDataViewType vector ? vector.Size : 1;
        return s_types.TryGetValue(ItemType(column.Type), out var type)
            ? (type, width)
            : throw new NotSupportedException($"Column '{column.Name}' is {column.Type}, which has no form in ONNX; convert it before it reaches the pipeline");
    }

    /// <summary>Whether rows have different numbers of values.</summary>
    public static bool IsFree(DataViewSchema.Column column) => column.Type is VectorDataViewType { IsKnownSize: false };

    /// <summary>The .NET type of a value.</summary>
    public static Type ItemType(DataViewType type) => type is VectorDataViewType vector ? vector.ItemType.RawType : type.RawType;
}
