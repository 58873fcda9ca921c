using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>One link of the chain that a network is: a layer, or several of them under a shortcut.</summary>
internal abstract class NetworkPart(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Its name in the network.</summary>
    public string Name { get; } = name;

    /// <summary>Its layers, from the input on; none where it learns nothing.</summary>
    public abstract IReadOnlyList<Layer> Layers { get; }

    /// <summary>What it learns beside its layers; counted to the last of them.</summary>
    public virtual IEnumerable<Parameter> OwnParameters() => [];

    /// <summary>The parts of its own that run one behind the other: itself, where it is one link alone.</summary>
    public virtual IEnumerable<NetworkPart> Links => [this];

    /// <summary>Layers at its beginning that stand side by side.</summary>
    public virtual int Doors => 0;

    /// <summary>The columns that it joins with what it reads of another; <see langword="null"/> where there are none.</summary>
    public virtual BesideColumns? Beside => null;

    /// <summary>Runs it up to the linear map of one of its layers, and returns what that gives.</summary>
    public abstract Tensor LinearOutput(Layer layer, Tensor input);

    /// <summary>Writes its nodes as it computes in evaluation mode; constants are named as its parameters and buffers are.</summary>
    /// <param name="graph">The graph under construction.</param>
    /// <param name="input">The name of the input.</param>
    /// <param name="path">Where it stands in the network.</param>
    public abstract string WriteOnnx(OnnxGraph graph, string input, string path);
}
