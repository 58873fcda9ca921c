namespace Microsoft.ML.GradientStability.Serving;

/// <summary>A schema, and where its columns lie in rows and in predictions.</summary>
internal sealed class ModelShape
{
    public ModelShape(ModelSchema schema)
    {
        Schema = schema;
        (Inputs, Outputs) = (new(schema.Inputs), new(schema.Outputs));
        Label = Outputs.Find(ModelSchema.LabelName);
        Missing = new(Inputs, Outputs, schema.AcceptsMissing);
    }

    public ModelSchema Schema { get; }

    public RowLayout Inputs { get; }

    public RowLayout Outputs { get; }

    /// <summary>The output with the label; −1 where there is none.</summary>
    public int Label { get; }

    public MissingValues Missing { get; }
}
