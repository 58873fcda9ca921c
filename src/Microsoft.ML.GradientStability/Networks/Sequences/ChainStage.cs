using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Parts that look at every step by itself, one after the other.</summary>
internal sealed class ChainStage : SequenceStage
{
    private readonly IReadOnlyList<NetworkPart> _parts;

    /// <param name="name">Its name in the network.</param>
    /// <param name="units">Width of a step behind it.</param>
    /// <param name="parts">In order.</param>
    public ChainStage(string name, int units, IReadOnlyList<NetworkPart> parts) : base(name)
    {
        (_parts, Units) = (parts, units);
        foreach (var part in parts)
            register_module(part.Name, part);
    }

    public override IReadOnlyList<Layer> Layers => [.. _parts.SelectMany(part => part.Layers)];

    public override int Units { get; }

    public override IEnumerable<Parameter> OwnParameters() => _parts.SelectMany(part => part.OwnParameters());

    public override Tensor forward(Tensor input, StepMask? mask) => NetworkModule.Apply(_parts, input);

    public override Tensor LinearOutput(Layer layer, Tensor input, StepMask? mask)
    {
        foreach (var part in _parts)
        {
            if (part.Layers.Contains(layer))
                return part.LinearOutput(layer, input);
            input = part.forward(input);
        }
        return input;
    }

    public override string WriteOnnx(OnnxGraph graph, string input, StepMaskNodes? mask, string path)
    {
        foreach (var part in _parts)
            input = part.WriteOnnx(graph, input, $"{path}.{part.Name}");
        return input;
    }
}
