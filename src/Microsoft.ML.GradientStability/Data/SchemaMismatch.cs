using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The errors of a column that is missing or of the wrong type: <see cref="ArgumentOutOfRangeException"/> with ML.NET's own opening
/// words, and what to do.
/// </summary>
internal static class SchemaMismatch
{
    public static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw Missing(role, name, schema.Where(c => !c.IsHidden).Select(ColumnForm.Of));

    public static SchemaShape.Column Find(SchemaShape shape, string role, string name)
    {
        foreach (var column in shape)
            if (column.Name == name)
                return column;
        throw Missing(role, name, shape.Select(ColumnForm.Of));
    }

    public static ArgumentOutOfRangeException Type(string role, string column, string expected, string actual, string todo) => new("inputSchema",
        $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}. {todo}");

    public static ArgumentOutOfRangeException Features(ColumnForm column) =>
        Type("feature", column, "a known-size vector of Single", SchemaAdvice.ToFeatures(column));

    public static ArgumentOutOfRangeException Label(ColumnForm column, string expected, string todo) => Type("label", column, expected, todo);

    public static ArgumentOutOfRangeException Weight(ColumnForm column) => Type("weight", column, "Single", column.IsKey
        ? "Set ExampleWeightColumnName to a column of numbers." : SchemaAdvice.ToSingle(column));

    public static ArgumentOutOfRangeException TooManyFeatureKeys(string column, ulong count, ulong most) => Type("feature", column, $"at most {most} keys", $"{count}",
        $"Append mlContext.Transforms.Conversion.MapValueToKey(\"{column}\") before the trainer, which counts the keys that occur, or hash to fewer bits.");

    public static ArgumentOutOfRangeException TooManyKeys(string column, ulong count, int most) => Type("label", column,
        $"at most {most} keys", $"{count}",
        $"Append mlContext.Transforms.Conversion.MapValueToKey(\"{column}\") before the trainer, which counts the keys that occur.");

    private static ArgumentOutOfRangeException Type(string role, ColumnForm column, string expected, string todo) =>
        Type(role, column.Name, expected, column.ToString(), todo);

    private static ArgumentOutOfRangeException Missing(string role, string column, IEnumerable<ColumnForm> present) =>
        Missing(role, column, [.. present.Select(p => p.Name)], SchemaAdvice.ToExist(role, column, present));

    public static ArgumentOutOfRangeException Missing(string role, string column, IReadOnlyCollection<string> present, string todo) => new("inputSchema",
        $"Could not find {role} column '{column}'. The data has {Listing.Of(present.Select(p => $"'{p}'"), present.Count)}. {todo}");
}
