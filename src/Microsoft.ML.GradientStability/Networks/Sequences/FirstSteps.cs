using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>What a table over the steps of the longest row says of the steps of a batch.</summary>
internal static class FirstSteps
{
    /// <summary>The first rows of a table (steps × …), as many as the input has steps (batch × steps × …).</summary>
    public static Tensor Of(Tensor table, Tensor input) => table.shape[0] == input.shape[1] ? table : table.narrow(0, 0, input.shape[1]);

    /// <summary>The same in ONNX, along each of some axes of the table.</summary>
    public static string Write(OnnxGraph graph, string table, ReadOnlySpan<long> axes, string input, string path)
    {
        var steps = graph.Add("Gather", [graph.Add("Shape", [input], $"{path}.shape"), graph.Constant($"{path}.second", [1L])], $"{path}.steps", ("axis", 0));
        var ends = axes.Length == 1 ? steps : graph.Add("Concat", [.. Enumerable.Repeat(steps, axes.Length)], $"{path}.ends", ("axis", 0));
        return graph.Add("Slice", [table, graph.Constant($"{path}.starts", new long[axes.Length]), ends, graph.Constant($"{path}.axes", axes)], path);
    }
}
