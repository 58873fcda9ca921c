namespace Microsoft.ML.GradientStability;

/// <summary>A <see cref="StepMask"/> in an ONNX graph.</summary>
internal sealed class StepMaskNodes
{
    /// <param name="graph">The graph under construction.</param>
    /// <param name="there">1 or 0 for every step (batch × steps).</param>
    /// <param name="isWhole">Whether steps before the last that is there are so too.</param>
    /// <param name="path">Where it stands in the network.</param>
    public StepMaskNodes(OnnxGraph graph, string there, bool isWhole, string path)
    {
        var one = graph.Constant($"{path}.one", 1);
        var ones = graph.Add("Add", [graph.Add("Mul", [there, graph.Constant($"{path}.zero", 0)], $"{path}.zeros"), one], $"{path}.ones");
        var numbers = graph.Add("CumSum", [ones, graph.Constant($"{path}.axis", [1L])], $"{path}.numbers");
        var last = graph.Add("ReduceMax", [graph.Add("Mul", [there, numbers], $"{path}.numbered")], $"{path}.last", ("axes", new[] { 1 }), ("keepdims", 1));
        There = isWhole ? graph.Add("Cast", [graph.Add("LessOrEqual", [numbers, last], $"{path}.before")], $"{path}.whole", ("to", 1)) : there;
        Length = graph.Add("Max", [last, one], $"{path}.length");
    }

    /// <summary>1 where a step is there and 0 where it is not (batch × steps).</summary>
    public string There { get; }

    /// <summary>The number of the last step that is there, from 1; 1 of a row that has none (batch × 1).</summary>
    public string Length { get; }

    /// <summary>The last step that is there of every row (batch × numbers).</summary>
    public string WriteLast(OnnxGraph graph, string x, string path)
    {
        var index = graph.Add("Cast", [graph.Add("Sub", [Length, graph.Constant($"{path}.first", 1)], $"{path}.step")], $"{path}.index", ("to", 7));
        return graph.Add("GatherND", [x, index], path, ("batch_dims", 1));
    }

    /// <summary>What ONNX's recurrences take (batch, Int32).</summary>
    public string WriteLengths(OnnxGraph graph, string path) =>
        graph.Add("Cast", [graph.Add("Squeeze", [Length, graph.Constant($"{path}.axis", [1L])], $"{path}.flat")], $"{path}.lengths", ("to", 6));
}
