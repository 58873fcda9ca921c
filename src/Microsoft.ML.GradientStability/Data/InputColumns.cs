using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>The columns that a trainer reads, checked: features, and where there are such, labels and weights.</summary>
internal sealed record InputColumns(string Features, string? Label, string? Weight, LabelReader? Labels)
{
    /// <param name="schema">That of the data.</param>
    /// <param name="where">How an error about a row of it begins; nothing for the training data.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public BoundColumns Bind(DataViewSchema schema, string where = "")
    {
        var (features, width) = SchemaMismatch.FindFeatures(schema, Features);
        DataViewSchema.Column? label = null, weight = null;
        if (Label is not null)
        {
            label = SchemaMismatch.Find(schema, "label", Label);
            Labels!.Check(label.Value);
        }
        if (Weight is not null)
        {
            weight = SchemaMismatch.Find(schema, "weight", Weight);
            if (weight.Value.Type != NumberDataViewType.Single)
                throw SchemaMismatch.Weight(Weight, weight.Value.Type.ToString()!);
        }
        return new BoundColumns(features, width, label, weight, Labels, where);
    }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public void Check(SchemaShape shape)
    {
        var features = SchemaMismatch.Find(shape, "feature", Features);
        if (features.Kind != SchemaShape.Column.VectorKind.Vector || features.ItemType != NumberDataViewType.Single)
            throw SchemaMismatch.Features(Features, SchemaMismatch.Describe(features));
        if (Label is not null)
            Labels!.Check(SchemaMismatch.Find(shape, "label", Label));
        if (Weight is not null && SchemaMismatch.Find(shape, "weight", Weight) is var weight
            && (weight.ItemType != NumberDataViewType.Single || weight.Kind != SchemaShape.Column.VectorKind.Scalar))
            throw SchemaMismatch.Weight(Weight, SchemaMismatch.Describe(weight));
    }
}

/// <summary>The same columns in one data view.</summary>
internal sealed record BoundColumns(
    DataViewSchema.Column Features, int Width, DataViewSchema.Column? Label, DataViewSchema.Column? Weight, LabelReader? Labels,
    string Where);
