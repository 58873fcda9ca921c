using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Finds where a network's file departs from its modules: the first part whose node gives other numbers for a row.</summary>
internal static class PartDifference
{
    /// <summary>A sentence that names the node; empty where all parts agree, and only what is made of the last differs.</summary>
    /// <param name="network">The network and its file.</param>
    /// <param name="module">Its modules.</param>
    /// <param name="features">The row.</param>
    /// <param name="tolerance">Relative to the greatest magnitude of what a part gives.</param>
    public static string Find(DeepNetworkTransformer network, NetworkModule module, float[] features, double tolerance)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        module.eval();
        var (nodes, values) = Parts(network, module, tensor(features, [1, features.Length], device: CPU));
        var model = ModelProto.Parser.ParseFrom(network.Onnx);
        model.Graph.Output.AddRange(nodes.Select(node => new ValueInfoProto { Name = node }));
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(model.ToByteArray(), options);
        using var given = session.Run([NamedOnnxValue.CreateFromTensor(network.FeatureColumnName, new DenseTensor<float>(features, [1, features.Length]))], nodes);
        foreach (var ((name, expected), got) in nodes.Zip(values).Zip(given))
        {
            var seen = new ComparedOutput();
            foreach (var (one, other) in expected.Zip(got.AsTensor<float>().ToArray()))
                seen.Number(1, one, other);
            if (seen.Holds(tolerance, seen.Magnitude, 1))
                continue;
            var node = model.Graph.Node.First(node => node.Output.Contains(name));
            return Invariant($" The first node that differs is '{node.Name}' ({node.OpType}): {seen.Row.Expected} in LibTorch and {seen.Row.Got} in the file.");
        }
        return "";
    }

    /// <summary>What the scaling and every part give for a row, and the tensors of the file that they are.</summary>
    private static (List<string> Tensors, List<float[]> Values) Parts(DeepNetworkTransformer network, NetworkModule module, TorchSharp.torch.Tensor row)
    {
        var graph = new OnnxGraph([network.FeatureColumnName, .. network.Objective.Columns.OnnxOutputs]);
        var tensor = module.WriteScaling(graph, network.FeatureColumnName);
        row = module.Scale(row);
        var (tensors, values) = (new List<string>(), new List<float[]>());
        if (module.ScalesInput)
            Add();
        (tensor, row) = (module.WriteEncoding(graph, tensor), module.Encode(row));
        // What stands in a loop is no tensor of the graph.
        foreach (var part in module.FedStep is null ? module.Parts : [])
        {
            tensor = NetworkModule.WriteOnnx(graph, [part], tensor);
            row = part.forward(row);
            Add();
        }
        return (tensors, values);

        void Add()
        {
            tensors.Add(tensor);
            values.Add(row.contiguous().data<float>().ToArray());
        }
    }
}
