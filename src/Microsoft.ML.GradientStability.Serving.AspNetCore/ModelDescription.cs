namespace Microsoft.ML.GradientStability.Serving;

/// <summary>What a client may ask of the model in service: what it takes and gives.</summary>
internal sealed record ModelDescription(string Model, string? Task, IReadOnlyList<string> Classes, IEnumerable<ModelDescription.Column> Inputs, IEnumerable<ModelDescription.Column> Outputs, int MaxRows)
{
    public static ModelDescription Of(OnnxPredictor predictor, int maxRows)
    {
        var schema = predictor.Schema;
        return new(Path.GetFileName(predictor.Path), schema.Task, schema.Classes, schema.Inputs.Select(Describe), schema.Outputs.Select(Describe), maxRows);
    }

    public static string List(IEnumerable<ModelColumn> columns) => string.Join(", ", columns);

    private static Column Describe(ModelColumn column) => new(column.Name, column.Type.ToString(), column.Shape);

    public sealed record Column(string Name, string Type, IReadOnlyList<int> Shape);
}
