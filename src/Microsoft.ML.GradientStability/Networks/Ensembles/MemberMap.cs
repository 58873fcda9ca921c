using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A linear map of each member's own, side by side in one matrix (members·units × inputs): from rows as <see cref="MemberRows"/> gives them,
/// (members·rows × inputs), to (members × rows × units).
/// </summary>
internal static class MemberMap
{
    public static Tensor Forward(Tensor input, Tensor weight, Tensor? bias, int members)
    {
        var inputs = weight.shape[1];
        var output = input.view(members, -1, inputs).bmm(weight.view(members, -1, inputs).transpose(1, 2));
        return bias is null ? output : output.Plus(bias.view(members, 1, -1));
    }

    public static string WriteOnnx(OnnxGraph graph, string input, string weight, Tensor? bias, int members, int inputs, string path)
    {
        var rows = graph.Add("Reshape", [input, graph.Constant($"{path}.rows.shape", [members, -1, inputs])], $"{path}.rows");
        var byMember = graph.Add("Reshape", [weight, graph.Constant($"{path}.members.shape", [members, -1, inputs])], $"{path}.members");
        var product = graph.Add("MatMul", [rows, graph.Add("Transpose", [byMember], $"{path}.matrix", ("perm", new[] { 0, 2, 1 }))], $"{path}.product");
        if (bias is null)
            return product;
        var added = graph.Add("Reshape", [graph.Constant($"{path}.bias", bias), graph.Constant($"{path}.bias.shape", [members, 1, -1])], $"{path}.added");
        return graph.Add("Add", [product, added], path);
    }
}
