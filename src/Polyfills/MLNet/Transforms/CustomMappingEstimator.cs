using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(IHostEnvironment env, Action<TSrc, TDst> mapAction, string? contractName,
        SchemaDefinition? inputSchemaDefinition, SchemaDefinition? outputSchemaDefinition)
        : base(new CustomMappingTransformer<TSrc, TDst>(env, mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        foreach (var needed in Transformer.InputDefinition.Columns)
        {
            var column = inputSchema.Find(needed.ColumnName);
            SchemaShape.GetColumnTypeShape(needed.ColumnType, out var kind, out var itemType, out var isKey);
            // Where a vector of any size is expected, one of a fixed size will do.
            var fits = kind == column.Kind
                || (kind, column.Kind) is (SchemaShape.Column.VectorKind.VariableVector, SchemaShape.Column.VectorKind.Vector);
            if (!fits || !itemType.Equals(column.ItemType) || isKey != column.IsKey)
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", needed.ColumnName,
                    needed.ColumnType.ToString()!, column.GetTypeString());
            }
        }

        var added = new DataViewSchema.Builder();
        added.AddColumns(Transformer.OutputDefinition.Columns.Select(column => column.ToDetached()));
        return inputSchema.With(SchemaShape.Create(added.ToSchema()));
    }
}
