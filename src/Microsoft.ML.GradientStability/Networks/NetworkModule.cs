using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The TorchSharp modules of a network: the scaling of its input, if any, then dense layers in order.
/// Input (batch × features), output (batch × outputs).
/// </summary>
internal sealed class NetworkModule : nn.Module<Tensor, Tensor>
{
    private InputScaling? _input;

    public NetworkModule(IReadOnlyList<DenseLayer> layers) : base("network")
    {
        Layers = layers;
        foreach (var layer in layers)
            register_module(layer.Name, layer);
    }

    /// <summary>From the input to the output.</summary>
    public IReadOnlyList<DenseLayer> Layers { get; }

    public bool ScalesInput => _input is not null;

    /// <summary>Puts a scaling before the first layer, once.</summary>
    public void ScaleInput(InputScaling scaling)
    {
        _input = scaling;
        register_module("input", scaling);
    }

    /// <summary>All that scoring needs beside the parameters: running statistics and scalings, not counters.</summary>
    public IEnumerable<(string Name, Tensor Values)> ScoringBuffers() => named_buffers().Where(b => b.Item2.dtype == ScalarType.Float32);

    public override Tensor forward(Tensor input) => Apply(Layers, Scale(input));

    /// <summary>The input as the first layer gets it.</summary>
    public Tensor Scale(Tensor input) => _input is null ? input : _input.forward(input);

    /// <summary>A part of the layers, in order.</summary>
    public static Tensor Apply(IEnumerable<DenseLayer> layers, Tensor input)
    {
        foreach (var layer in layers)
            input = layer.forward(input);
        return input;
    }

    /// <summary>Writes the nodes of every layer as they compute in evaluation mode, and returns the name of the output.</summary>
    public string WriteOnnx(OnnxGraph graph, string input) => WriteOnnx(graph, Layers, WriteScaling(graph, input));

    public string WriteScaling(OnnxGraph graph, string input) => _input is null ? input : _input.WriteOnnx(graph, input);

    public static string WriteOnnx(OnnxGraph graph, IEnumerable<DenseLayer> layers, string input)
    {
        foreach (var layer in layers)
            input = layer.WriteOnnx(graph, input);
        return input;
    }
}
