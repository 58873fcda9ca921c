using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Writes the products x·Wᵀ + b of networks with W in other numbers than Single; each takes and gives what it did, Single, and adds its bias there. A
/// W that is computed, as under spectral normalization, stays as it is.
/// </summary>
internal static class ReducedPrecision
{
    /// <param name="graph">Changed.</param>
    /// <param name="scopes">What the names of the networks' nodes begin with.</param>
    /// <param name="precision">In what numbers.</param>
    public static void Apply(GraphProto graph, IReadOnlyCollection<string> scopes, OnnxPrecision precision)
    {
        MatrixProduct? written = precision switch
        {
            OnnxPrecision.Half => new HalfProduct(graph),
            OnnxPrecision.Int8 => new Int8Product(graph),
            _ => null,
        };
        if (written is null)
            return;
        var constants = graph.Initializer.ToDictionary(constant => constant.Name);
        var nodes = graph.Node.ToArray();
        graph.Node.Clear();
        foreach (var node in nodes)
            if (node.OpType == "Gemm" && scopes.Any(scope => node.Name.StartsWith(scope, StringComparison.Ordinal)) && constants.TryGetValue(node.Input[1], out var matrix))
                written.Write(node, matrix);
            else
                graph.Node.Add(node);
    }
}
