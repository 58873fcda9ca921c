using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>Finds where a file departs from its pipeline: the first node whose output is not the column that it stands for.</summary>
internal static class FirstDifference
{
    /// <summary>A sentence that names the node and its step; empty where every column on the way agrees.</summary>
    public static string Find(PipelinePlan plan, PipelineFile file, byte[] onnx, int? batch, IEnumerable<(string Name, IDataView Data, string Column)> inputs, long rows, double tolerance)
    {
        var model = ModelProto.Parser.ParseFrom(onnx);
        var made = file.Made.Where(column => model.Graph.Node.Any(node => node.Output.Contains(column.Tensor))).Where(column => !ColumnTypes.IsFree(column.Step.Output.Schema[column.Column])).DistinctBy(column => column.Tensor).ToArray();
        foreach (var (step, column, tensor) in made)
        {
            var (type, width) = ColumnTypes.Of(step.Output.Schema[column]);
            model.Graph.Output.Add(OnnxFile.Value(tensor, type, width));
        }
        using var comparison = new PipelineComparison(new OnnxPieces(model.ToByteArray(), null), batch, inputs, made.Select(column => (column.Tensor, column.Step.Output, column.Column, false)));
        while (comparison.Rows < rows && comparison.Next()) { }
        foreach (var ((step, column, tensor), (_, compared)) in made.Zip(comparison.Outputs))
            if (!compared.Holds(tolerance, compared.Magnitude, comparison.Rows))
            {
                var node = Source(model.Graph, tensor);
                return $"The first node that differs is '{node.Name}' ({node.OpType}) of {step}: '{column}' of row {compared.Row.Number} is {compared.Row.Expected} in the pipeline and {compared.Row.Got} there. {plan.OfferWithout(step)}";
            }
        return "";
    }

    /// <summary>The node that computes a tensor, which another may only have brought into shape.</summary>
    private static NodeProto Source(GraphProto graph, string tensor)
    {
        var node = graph.Node.First(node => node.Output.Contains(tensor));
        return node.OpType == "Reshape" && graph.Node.FirstOrDefault(other => other.Output.Contains(node.Input[0])) is { } source ? source : node;
    }
}
