using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>One stage of a network over sequences: batch × steps × inputs becomes batch × steps × units.</summary>
internal abstract class SequenceStage(string name) : nn.Module<Tensor, StepMask?, Tensor>(name)
{
    /// <summary>Its name in the network.</summary>
    public string Name { get; } = name;

    /// <summary>Its layers, from the input on.</summary>
    public abstract IReadOnlyList<Layer> Layers { get; }

    /// <summary>What its gradients keep from step to step, of a layer of plain recurrent cells, one a way; none otherwise.</summary>
    public virtual IReadOnlyList<RecurrentFlow> Flows => [];

    /// <summary>Width of a step behind it.</summary>
    public abstract int Units { get; }

    /// <summary>What it learns beside its layers.</summary>
    public virtual IEnumerable<Parameter> OwnParameters() => [];

    /// <summary>Runs it up to the linear map of one of its layers, and returns what that gives.</summary>
    /// <param name="layer">One of <see cref="Layers"/>.</param>
    /// <param name="input">batch × steps × inputs.</param>
    /// <param name="mask">Which steps are there; <see langword="null"/> where all are.</param>
    public abstract Tensor LinearOutput(Layer layer, Tensor input, StepMask? mask);

    /// <summary>Writes its nodes as it computes in evaluation mode.</summary>
    public abstract string WriteOnnx(OnnxGraph graph, string input, StepMaskNodes? mask, string path);
}
