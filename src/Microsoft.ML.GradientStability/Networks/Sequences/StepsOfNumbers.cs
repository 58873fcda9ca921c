using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The steps of rows of numbers that have different lengths: batch × numbers becomes batch × steps × features. A row ends with the step of its last number
/// that is one; behind it is NaN, as much as it lacks to the longest of the batch, and enters as zeros.
/// </summary>
/// <param name="features">Of a step.</param>
internal sealed class StepsOfNumbers(int features)
{
    public (Tensor Steps, StepMask Mask) Of(Tensor input)
    {
        var (rows, width) = ((int)input.shape[0], (int)input.shape[1]);
        var steps = input.view(rows, -1, features);
        var there = zeros(rows, width / features, dtype: ScalarType.Float32, device: CPU);
        var values = MemoryMarshal.Cast<byte, float>(input.bytes);
        var isThere = MemoryMarshal.Cast<byte, float>(there.bytes);
        for (var row = 0; row < rows; row++)
            isThere.Slice(row * width / features, Numbers(values.Slice(row * width, width)) / features).Fill(1);
        return (where(steps.isnan(), zeros_like(steps), steps), new StepMask(there));
    }

    /// <summary>The nodes of both, and of 1 for every step that is there and 0 for others (batch × steps).</summary>
    public static (string Steps, StepMaskNodes Mask) WriteOnnx(OnnxGraph graph, string input, int features, string path)
    {
        var steps = graph.Add("Reshape", [input, graph.Constant($"{path}.sizes", [0, -1, features])], path);
        var there = graph.Add("Cast", [graph.Add("Not", [graph.Add("IsNaN", [steps], $"{path}.missing")], $"{path}.isThere")], $"{path}.there", ("to", 1));
        var any = graph.Add("ReduceMax", [there], $"{path}.any", ("axes", new[] { 2 }), ("keepdims", 0));
        return (steps, new StepMaskNodes(graph, any, isWhole: true, $"{path}.steps"));
    }

    /// <summary>The nodes of <see cref="Of"/>.</summary>
    public (string Steps, StepMaskNodes Mask) WriteOnnx(OnnxGraph graph, string input, string path)
    {
        var (steps, mask) = WriteOnnx(graph, input, features, path);
        return (graph.Add("Where", [graph.Add("IsNaN", [steps], $"{path}.none"), graph.Scalar($"{path}.zero", 0), steps], $"{path}.numbers"), mask);
    }

    /// <summary>Numbers of the steps of a row that are there.</summary>
    private int Numbers(ReadOnlySpan<float> row)
    {
        var last = row.Length - 1;
        while (last >= 0 && float.IsNaN(row[last]))
            last--;
        return (last / features + 1) * (last < 0 ? 0 : features);
    }
}
