using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Versions of ONNX: a file says the lowest that hold its graph, so that the oldest runtimes can read it. Operators in the form in which they are
/// written here; onnx.ai, "ONNX Operators" and "ONNX Versioning".
/// </summary>
internal static class OnnxOpset
{
    /// <summary>The first in which ReduceSum, Squeeze and Unsqueeze take their axes as an input.</summary>
    private const int Floor = 13;

    /// <summary>Operators that are newer.</summary>
    private static readonly Dictionary<string, int> s_since = new(StringComparer.Ordinal) { ["HardSwish"] = 14, ["LayerNormalization"] = 17 };

    /// <summary>The lowest opset that holds nodes of the standard's own domain.</summary>
    public static int Lowest(IEnumerable<NodeProto> nodes) =>
        OnnxGraph.WithBodies(nodes).Where(node => node.Domain.Length == 0).Select(node => s_since.GetValueOrDefault(node.OpType, Floor)).Append(Floor).Max();

    /// <summary>The first format version with an opset.</summary>
    public static int IrVersion(int opset) => opset >= 15 ? 8 : 7;

    /// <summary>The opset of another domain, that which ML.NET's converter writes for.</summary>
    public static int OfDomain(string domain) => domain == "ai.onnx.ml" ? 2 : 1;
}
