using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The weights of one gate of a recurrent layer, W (units × inputs), U (units × units) and b (units), and so a layer to the diagnostics.
/// <see cref="RecurrentStage"/> computes with all gates at once.
/// </summary>
internal sealed class RecurrentGate : Layer
{
    /// <param name="name">Of the gate in its layer.</param>
    /// <param name="title">What diagnostics call it.</param>
    /// <param name="inputs">Width of a step.</param>
    /// <param name="units">Units of the layer.</param>
    /// <param name="start">What the bias starts at.</param>
    /// <param name="cell">The cell it is part of.</param>
    /// <param name="recurrent">How U starts.</param>
    /// <param name="origin">Of W, and what both are drawn from.</param>
    public RecurrentGate(string name, string title, int inputs, int units, double start, RecurrentCell cell, Initializer recurrent, in Origin origin)
        : base(name, inputs, units)
    {
        Title = title;
        OfInput = new Parameter(empty([units, inputs], dtype: ScalarType.Float32, device: CPU));
        OfSteps = new Parameter(empty([units, units], dtype: ScalarType.Float32, device: CPU));
        Bias = new Parameter(full([units], (TorchSharp.Scalar)start, ScalarType.Float32, CPU));
        register_parameter("input", OfInput);
        register_parameter("recurrent", OfSteps);
        register_parameter("bias", Bias);
        origin.Initializer.Initialize(OfInput, null, 1, new LayerRole(cell.Activation), origin);
        recurrent.Initialize(OfSteps, null, 1, new LayerRole(), origin);
    }

    public Parameter OfInput { get; }

    public Parameter OfSteps { get; }

    public Parameter Bias { get; }

    public override double SquaredWeightNorm()
    {
        using var scope = NewDisposeScope();
        return (OfInput.square().sum().item<float>() + OfSteps.square().sum().item<float>());
    }

    /// <summary>Multiplies W; U keeps what makes it carry signals from step to step.</summary>
    public override void ScaleWeights(double factor)
    {
        using var scope = NewDisposeScope();
        OfInput.mul_((TorchSharp.Scalar)factor);
    }

    /// <summary>What it makes of the input of every step alone.</summary>
    public override Tensor LinearOutput(Layer layer, Tensor input) => nn.functional.linear(input, OfInput, Bias);

    public override Tensor forward(Tensor input) => throw new UnreachableException();

    public override string WriteOnnx(OnnxGraph graph, string input, string path) => throw new UnreachableException();
}
