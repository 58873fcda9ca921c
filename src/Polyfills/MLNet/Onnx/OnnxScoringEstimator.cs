using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

public sealed class OnnxScoringEstimator : TrivialEstimator<OnnxTransformer>
{
    internal OnnxScoringEstimator(
        IHostEnvironment env, string[] outputColumnNames, string[] inputColumnNames, OnnxModelSource source, OnnxDevice device)
        : base(new OnnxTransformer(env.Register(nameof(OnnxTransformer)), outputColumnNames, inputColumnNames, source, device))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        foreach (var name in Transformer.Inputs)
        {
            var column = inputSchema.Find(name);
            var variable = Transformer.Model.Inputs.FirstOrDefault(input => input.Name == name)
                ?? throw Contracts.Except($"Column {name} doesn't match input node names of model.");
            if (!column.ItemType.Equals(variable.ItemType))
            {
                throw Contracts.ExceptSchemaMismatch(
                    nameof(inputSchema), "input", name, variable.ItemType.ToString()!, column.ItemType.ToString()!);
            }
        }

        // To the shape, an output of no dimensions is a vector too.
        return inputSchema.With(Transformer.Outputs.Select(name =>
        {
            var output = Transformer.Model.Output(name);
            var kind = output.Type.IsKnownSizeVector()
                ? SchemaShape.Column.VectorKind.Vector
                : SchemaShape.Column.VectorKind.VariableVector;
            return new SchemaShape.Column(name, kind, output.ItemType, false);
        }));
    }
}
