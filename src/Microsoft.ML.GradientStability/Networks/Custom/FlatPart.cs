using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>All numbers of a row one behind the other: batch × … becomes batch × numbers.</summary>
/// <param name="name">Its name in the network.</param>
internal sealed class FlatPart(string name) : NetworkPart(name)
{
    public override IReadOnlyList<Layer> Layers => [];

    public override Tensor forward(Tensor input) => input.flatten(1);

    public override Tensor LinearOutput(Layer layer, Tensor input) => input;

    public override string WriteOnnx(OnnxGraph graph, string input, string path) => graph.Add("Flatten", [input], path, ("axis", 1));
}
