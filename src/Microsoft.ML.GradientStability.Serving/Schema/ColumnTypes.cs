using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>What is to be known of each <see cref="ColumnType"/>.</summary>
internal static class ColumnTypes
{
    private static readonly (ColumnType Type, TensorElementType Tensor, Type Clr, int Bytes)[] s_all =
    [
        (ColumnType.Single, TensorElementType.Float, typeof(float), sizeof(float)),
        (ColumnType.Double, TensorElementType.Double, typeof(double), sizeof(double)),
        (ColumnType.Int32, TensorElementType.Int32, typeof(int), sizeof(int)),
        (ColumnType.Int64, TensorElementType.Int64, typeof(long), sizeof(long)),
        (ColumnType.UInt32, TensorElementType.UInt32, typeof(uint), sizeof(uint)),
        (ColumnType.Boolean, TensorElementType.Bool, typeof(bool), sizeof(bool)),
        (ColumnType.Text, TensorElementType.String, typeof(string), 0),
    ];

    /// <summary>Null for a type that is not served.</summary>
    public static ColumnType? Find(TensorElementType type)
    {
        foreach (var entry in s_all)
            if (entry.Tensor == type)
                return entry.Type;
        return null;
    }

    public static TensorElementType Tensor(this ColumnType type) => s_all[(int)type].Tensor;

    public static Type Clr(this ColumnType type) => s_all[(int)type].Clr;

    /// <summary>Of one value; 0 for text.</summary>
    public static int Bytes(this ColumnType type) => s_all[(int)type].Bytes;
}
