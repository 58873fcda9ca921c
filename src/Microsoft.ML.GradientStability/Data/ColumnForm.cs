using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>What is known of a column before any row is read: from the schema of data, or from the shape that ML.NET gives ahead of it.</summary>
internal readonly record struct ColumnForm(string Name, SchemaShape.Column.VectorKind Kind, DataViewType ItemType, bool IsKey)
{
    public static ColumnForm Of(DataViewSchema.Column column)
    {
        var (kind, item) = column.Type is VectorDataViewType vector
            ? (vector.IsKnownSize ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.VariableVector, vector.ItemType)
            : (SchemaShape.Column.VectorKind.Scalar, column.Type);
        return new ColumnForm(column.Name, kind, item, item is KeyDataViewType);
    }

    public static ColumnForm Of(SchemaShape.Column column) => new(column.Name, column.Kind, column.ItemType, column.IsKey);

    public bool IsScalar => Kind == SchemaShape.Column.VectorKind.Scalar;

    public bool IsSingle => ItemType == NumberDataViewType.Single && !IsKey;

    public bool IsText => ItemType is TextDataViewType;

    public bool IsBoolean => ItemType is BooleanDataViewType;

    /// <summary>A number of any width.</summary>
    public bool IsNumber => ItemType is NumberDataViewType && !IsKey;

    private string Item => IsKey ? $"Key<{ItemType.RawType.Name}>" : ItemType.ToString()!;

    public override string ToString() => Kind switch
    {
        SchemaShape.Column.VectorKind.Scalar => Item,
        SchemaShape.Column.VectorKind.VariableVector => $"a vector of {Item} of unknown size",
        _ => $"a vector of {Item}",
    };
}
