using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Finds the first node that gives other numbers in one graph than in another, in which tensors have the same names.</summary>
internal static class NodeDifference
{
    /// <summary>A sentence that names the node; empty where all numbers that both have agree within a tolerance of their greatest magnitude.</summary>
    /// <param name="exact">The graph that is right.</param>
    /// <param name="other">The one that is asked about.</param>
    /// <param name="batches">Inputs of both.</param>
    /// <param name="tolerance">Above 0.</param>
    public static string Find(GraphProto exact, GraphProto other, IEnumerable<IReadOnlyCollection<NamedOnnxValue>> batches, double tolerance)
    {
        var shared = exact.Node.SelectMany(node => node.Output).Intersect(other.Node.SelectMany(node => node.Output)).Except(exact.Output.Select(output => output.Name)).ToArray();
        using var right = Open(exact, shared);
        using var asked = Open(other, shared);
        var compared = shared.Select(_ => new ComparedOutput()).ToArray();
        var rows = 0L;
        foreach (var batch in batches)
        {
            using var expected = right.Run(batch, shared);
            using var got = asked.Run(batch, shared);
            var count = 0;
            foreach (var ((one, another), seen) in expected.Zip(got).Zip(compared))
                if (one.Value is Tensor<float> numbers && another.Value is Tensor<float> others)
                {
                    count = numbers.Dimensions[0];
                    var (values, otherValues) = (numbers.ToArray(), others.ToArray());
                    for (var i = 0; i < values.Length; i++)
                        seen.Number(rows + i / (values.Length / count) + 1, values[i], otherValues[i]);
                }
            rows += count;
        }
        for (var i = 0; i < shared.Length; i++)
            if (!compared[i].Holds(tolerance, compared[i].Magnitude, rows))
            {
                var node = exact.Node.First(node => node.Output.Contains(shared[i]));
                return Invariant($"The first node that differs is '{node.Name}' ({node.OpType}): row {compared[i].Row.Number} has {compared[i].Row.Expected} in Single and {compared[i].Row.Got} in the file.");
            }
        return "";
    }

    private static InferenceSession Open(GraphProto graph, IEnumerable<string> outputs)
    {
        var shown = graph.Clone();
        shown.Output.AddRange(outputs.Select(output => new ValueInfoProto { Name = output }));
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        return new InferenceSession(OnnxFile.Write(shown, []), options);
    }
}
