using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The TorchSharp modules of a network: dense layers, applied in order. Input (batch × features), output (batch × outputs).
/// </summary>
internal sealed class NetworkModule : nn.Module<Tensor, Tensor>
{
    public NetworkModule(IReadOnlyList<DenseLayer> layers) : base("network")
    {
        Layers = layers;
        foreach (var layer in layers)
            register_module(layer.Name, layer);
    }

    /// <summary>From the input to the output.</summary>
    public IReadOnlyList<DenseLayer> Layers { get; }

    public override Tensor forward(Tensor input)
    {
        foreach (var layer in Layers)
            input = layer.forward(input);
        return input;
    }

    /// <summary>Writes the nodes of every layer as they compute in evaluation mode, and returns the name of the output.</summary>
    public string WriteOnnx(OnnxGraph graph, string input)
    {
        foreach (var layer in Layers)
            input = layer.WriteOnnx(graph, input);
        return input;
    }
}
