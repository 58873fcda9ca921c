using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The errors of a column that is missing or of the wrong type: <see cref="ArgumentOutOfRangeException"/> with ML.NET's own opening
/// words, and what to do.
/// </summary>
internal static class SchemaMismatch
{
    public static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw Missing(role, name, schema.Select(c => c.Name));

    public static SchemaShape.Column Find(SchemaShape shape, string role, string name)
    {
        foreach (var column in shape)
            if (column.Name == name)
                return column;
        throw Missing(role, name, shape.Select(c => c.Name));
    }

    /// <summary>The feature column and its width.</summary>
    public static (DataViewSchema.Column Column, int Width) FindFeatures(DataViewSchema schema, string name)
    {
        var column = Find(schema, "feature", name);
        return column.Type is VectorDataViewType { IsKnownSize: true, Size: > 0 } vector && vector.ItemType == NumberDataViewType.Single
            ? (column, vector.Size)
            : throw Features(name, column.Type.ToString()!);
    }

    public static ArgumentOutOfRangeException Type(string role, string column, string expected, string actual, string todo) => new("inputSchema",
        $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}. {todo}");

    public static ArgumentOutOfRangeException Features(string column, string actual) => Type("feature", column,
        "a known-size vector of Single", actual,
        $"Append mlContext.Transforms.Concatenate(\"{column}\", …) over Single columns before the trainer.");

    public static ArgumentOutOfRangeException KeyLabel(string column, string actual) => Type("label", column,
        "Key", actual,
        $"Append mlContext.Transforms.Conversion.MapValueToKey(\"{column}\") before the trainer.");

    public static ArgumentOutOfRangeException TooManyKeys(string column, ulong count, int most) => Type("label", column,
        $"at most {most} keys", $"{count}",
        $"Append mlContext.Transforms.Conversion.MapValueToKey(\"{column}\") before the trainer, which counts the keys that occur.");

    public static ArgumentOutOfRangeException Weight(string column, string actual) => Type("weight", column,
        "Single", actual,
        $"Append mlContext.Transforms.Conversion.ConvertType(\"{column}\", outputKind: DataKind.Single) before the trainer.");

    public static string Describe(SchemaShape.Column column) => column.Kind switch
    {
        _ when column.IsKey => $"Key<{column.ItemType}>",
        SchemaShape.Column.VectorKind.Scalar => column.ItemType.ToString()!,
        SchemaShape.Column.VectorKind.VariableVector => $"a vector of {column.ItemType} of unknown size",
        _ => $"a vector of {column.ItemType}",
    };

    private static ArgumentOutOfRangeException Missing(string role, string column, IEnumerable<string> present) => new("inputSchema",
        $"Could not find {role} column '{column}'. The data has {Listing.Of(present.Select(p => $"'{p}'"), present.Count())}. "
        + $"Name an existing column in the trainer's options, or append a transform that makes '{column}' before the trainer.");
}
