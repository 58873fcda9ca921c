using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>How the label of a step enters the step behind it, as so many numbers beside its features; zeros stand for no label.</summary>
/// <param name="width">How many.</param>
internal abstract class FedLabel(int width)
{
    public int Width => width;

    /// <summary>Labels as they were given (batch × steps), NaN for none (batch × steps × width).</summary>
    public abstract Tensor Given(Tensor labels);

    /// <summary>What the network tells of a step, from its raw outputs (batch × 1 × outputs becomes batch × 1 × width).</summary>
    public abstract Tensor Told(Tensor outputs);

    /// <summary>The nodes of <see cref="Told"/> (batch × outputs becomes batch × width).</summary>
    public abstract string WriteTold(OnnxGraph graph, string outputs, string path);
}

/// <summary>A class: 1 in its place and 0 in all others.</summary>
/// <param name="classes">How many there are.</param>
internal sealed class FedClass(int classes) : FedLabel(classes)
{
    public override Tensor Given(Tensor labels) => labels.unsqueeze(2).eq(arange(Width, dtype: ScalarType.Float32, device: labels.device)).to(ScalarType.Float32);

    public override Tensor Told(Tensor outputs) => Given(outputs.argmax(2).to(ScalarType.Float32));

    public override string WriteTold(OnnxGraph graph, string outputs, string path)
    {
        var likeliest = graph.Add("ArgMax", [outputs], $"{path}.likeliest", ("axis", 1), ("keepdims", 1));
        var isIt = graph.Add("Equal", [likeliest, graph.Constant($"{path}.classes", [.. Enumerable.Range(0, Width).Select(index => (long)index)])], $"{path}.isIt");
        return graph.Add("Cast", [isIt], path, ("to", 1));
    }
}

/// <summary>A number, as the network gives it: (y − mean)/deviation of the training labels.</summary>
/// <param name="standardize">Brings labels into that unit.</param>
internal sealed class FedNumber(Func<Tensor, Tensor> standardize) : FedLabel(1)
{
    public override Tensor Given(Tensor labels) => standardize(labels).nan_to_num(0).unsqueeze(2);

    public override Tensor Told(Tensor outputs) => outputs;

    public override string WriteTold(OnnxGraph graph, string outputs, string path) => graph.Add("Identity", [outputs], path);
}
