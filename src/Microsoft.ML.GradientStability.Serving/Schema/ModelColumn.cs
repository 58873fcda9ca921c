namespace Microsoft.ML.GradientStability.Serving;

/// <summary>An input or an output of a model: what one row holds of it.</summary>
/// <param name="Name">As it stands in the file.</param>
/// <param name="Type">Of each value.</param>
/// <param name="Shape">Without the batch: empty for one value a row, <c>[64]</c> for 64 of them.</param>
public sealed record ModelColumn(string Name, ColumnType Type, IReadOnlyList<int> Shape)
{
    /// <summary>Values a row: the product of <see cref="Shape"/>, at least 1.</summary>
    public int Width { get; } = Shape.Aggregate(1, (product, length) => checked(product * length));

    /// <summary>Like <c>Features: Single[64]</c>.</summary>
    public override string ToString() => Width == 1 ? $"{Name}: {Type}" : $"{Name}: {Type}[{string.Join(',', Shape)}]";

    internal bool IsNumberWithNaN => Type is ColumnType.Single or ColumnType.Double;

    /// <summary>The shape of a tensor of so many rows.</summary>
    internal long[] TensorShape(int rows) => [rows, .. Shape.Select(length => (long)length)];
}
