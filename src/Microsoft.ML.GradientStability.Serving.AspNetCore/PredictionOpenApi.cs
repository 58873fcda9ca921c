using Microsoft.OpenApi;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>Describes the endpoint in the program's OpenAPI document by the schema of the model in service.</summary>
internal static class PredictionOpenApi
{
    public static void Describe(OpenApiOperation operation, ModelSchema schema, int maxRows)
    {
        operation.Summary = $"Predicts by the model in service{(schema.Task is { } task ? $" ({task})" : "")}.";
        operation.Description = "One row as an object, or an array of rows; the answer has the same form.";
        var row = Row(schema.Inputs.Select(input => (input.Name, (IOpenApiSchema)Values(input, isResult: false, schema))));
        row.Required = schema.Inputs.Select(input => input.Name).ToHashSet();
        row.AdditionalPropertiesAllowed = false;
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Json("application/json", OneOrMany(row, maxRows)) };

        var result = Row(schema.Outputs.Select(output => (output.Name, (IOpenApiSchema)Values(output, isResult: true, schema))));
        result.Properties![PredictionWriter.Missing] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Why there is no prediction, where there is none." };
        operation.Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse { Description = "The predictions, in the order of the rows.", Content = Json("application/json", OneOrMany(result, maxRows)) },
        };
        foreach (var (status, description) in (ReadOnlySpan<(string, string)>)
        [
            ("400", "The body is no JSON of rows, or a row does not fit the model; row and field say where."), ("408", "The body came too slowly."),
            ("413", "The body or the number of rows is above the limit."), ("415", "The body is not sent as JSON."), ("422", "The model fails on a row."),
            ("429", "Too many requests at a time; try again later."), ("503", "The program stops."), ("504", "The prediction took too long."),
        ])
            operation.Responses[status] = new OpenApiResponse { Description = description, Content = Json("application/problem+json", Problem()) };
    }

    private static OpenApiSchema Row(IEnumerable<(string Name, IOpenApiSchema Values)> columns) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = columns.ToDictionary(column => column.Name, column => column.Values),
    };

    private static OpenApiSchema OneOrMany(OpenApiSchema row, int maxRows) => new()
    {
        OneOf = [row, new OpenApiSchema { Type = JsonSchemaType.Array, Items = row, MinItems = 1, MaxItems = maxRows }],
    };

    private static OpenApiSchema Values(ModelColumn column, bool isResult, ModelSchema schema)
    {
        var value = Value(column, isResult, schema);
        return column.Width == 1 ? value : new() { Type = JsonSchemaType.Array, Items = value, MinItems = column.Width, MaxItems = column.Width };
    }

    private static OpenApiSchema Value(ModelColumn column, bool isResult, ModelSchema schema)
    {
        if (isResult && column.IsLabel(schema))
            return new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Enum = [.. schema.Classes.Select(name => System.Text.Json.Nodes.JsonValue.Create(name)), null!] };
        var (type, format) = column.Type switch
        {
            ColumnType.Single => (JsonSchemaType.Number, "float"),
            ColumnType.Double => (JsonSchemaType.Number, "double"),
            ColumnType.Int32 => (JsonSchemaType.Integer, "int32"),
            ColumnType.Int64 => (JsonSchemaType.Integer, "int64"),
            ColumnType.UInt32 => (JsonSchemaType.Integer, "uint32"),
            ColumnType.Boolean => (JsonSchemaType.Boolean, null),
            _ => (JsonSchemaType.String, (string?)null),
        };
        // A missing value goes in as null where the type has one, and comes out as null everywhere.
        var mayBeNull = isResult || column.Type is ColumnType.Single or ColumnType.Double or ColumnType.Text;
        return new() { Type = mayBeNull ? type | JsonSchemaType.Null : type, Format = format };
    }

    private static OpenApiSchema Problem() => Row(
    [
        ("title", new OpenApiSchema { Type = JsonSchemaType.String }),
        ("status", new OpenApiSchema { Type = JsonSchemaType.Integer }),
        ("detail", new OpenApiSchema { Type = JsonSchemaType.String }),
        ("row", new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "From 0." }),
        ("field", new OpenApiSchema { Type = JsonSchemaType.String }),
    ]);

    private static Dictionary<string, OpenApiMediaType> Json(string type, OpenApiSchema schema) => new() { [type] = new OpenApiMediaType { Schema = schema } };
}
