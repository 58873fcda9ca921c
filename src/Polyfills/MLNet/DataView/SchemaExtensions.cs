using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

internal static class SchemaExtensions
{
    public static bool TryGetColumn(this DataViewSchema schema, string name, out DataViewSchema.Column column)
    {
        var found = schema.GetColumnOrNull(name);
        column = found.GetValueOrDefault();
        return found is not null;
    }

    public static DataViewSchema ToSchema(this IEnumerable<DataViewSchema.DetachedColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns);
        return builder.ToSchema();
    }

    /// <summary>True where the column of that index is wanted.</summary>
    public static bool[] ToActive(this DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        Contracts.CheckValue(columnsNeeded, nameof(columnsNeeded));
        var active = new bool[schema.Count];
        foreach (var column in columnsNeeded)
        {
            Contracts.Check(column.Index < active.Length, $"The requested column: {column} is not part of the schema");
            active[column.Index] = true;
        }
        return active;
    }
}
