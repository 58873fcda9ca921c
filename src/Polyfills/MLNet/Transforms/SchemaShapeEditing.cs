using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What every estimator does to the shape of its input: look columns up, add or replace some.</summary>
internal static class SchemaShapeEditing
{
    public static SchemaShape.Column Find(this SchemaShape inputSchema, string name) => inputSchema.TryFindColumn(name, out var column)
        ? column
        : throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", name);

    public static SchemaShape With(this SchemaShape inputSchema, IEnumerable<SchemaShape.Column> columns)
    {
        var result = inputSchema.ToDictionary(column => column.Name);
        foreach (var column in columns)
            result[column.Name] = column;
        return new SchemaShape(result.Values);
    }

    public static bool HasVectorAnnotation(this SchemaShape.Column column, string kind, out SchemaShape.Column annotation) =>
        column.Annotations.TryFindColumn(kind, out annotation) && annotation.Kind == SchemaShape.Column.VectorKind.Vector;
}
