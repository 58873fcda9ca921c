using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Checks the columns that a classification trainer needs before any data is seen, and adds its own.</summary>
internal static class ClassifierShape
{
    public static SchemaShape Extend(SchemaShape input, string labelColumn, string featureColumn)
    {
        var label = Find(input, "label", labelColumn);
        var features = Find(input, "feature", featureColumn);
        if (features.Kind != SchemaShape.Column.VectorKind.Vector || features.ItemType != NumberDataViewType.Single)
            throw SchemaMismatch.Features(featureColumn, Describe(features));
        if (!label.IsKey)
            throw SchemaMismatch.KeyLabel(labelColumn, Describe(label));
        return ClassifierColumns.Extend(input, ClassLabels.Of(label));
    }

    private static SchemaShape.Column Find(SchemaShape shape, string role, string name)
    {
        foreach (var column in shape)
            if (column.Name == name)
                return column;
        throw SchemaMismatch.Missing(role, name, shape.Select(c => c.Name));
    }

    private static string Describe(SchemaShape.Column column) => column.Kind switch
    {
        _ when column.IsKey => $"Key<{column.ItemType}>",
        SchemaShape.Column.VectorKind.Scalar => column.ItemType.ToString()!,
        SchemaShape.Column.VectorKind.VariableVector => $"a vector of {column.ItemType} of unknown size",
        _ => $"a vector of {column.ItemType}",
    };
}
