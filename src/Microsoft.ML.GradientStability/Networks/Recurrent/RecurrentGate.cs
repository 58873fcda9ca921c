using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The weights of one gate of a recurrent layer, W (units × inputs), U (units × units) and b (units), and so a layer to the diagnostics; W and U are made of what is
/// stored where there is a parametrization, each by itself. <see cref="RecurrentStage"/> computes with all gates at once.
/// </summary>
internal sealed class RecurrentGate : Layer
{
    private readonly WeightParametrization _parametrization;
    private readonly nn.Module<Tensor, Tensor>? _ofInput;
    private readonly nn.Module<Tensor, Tensor>? _ofSteps;

    /// <param name="name">Of the gate in its layer.</param>
    /// <param name="title">What diagnostics call it.</param>
    /// <param name="inputs">Width of a step.</param>
    /// <param name="units">Units of the layer.</param>
    /// <param name="start">What the bias starts at.</param>
    /// <param name="cell">The cell it is part of.</param>
    /// <param name="recurrent">How U starts.</param>
    /// <param name="parametrization">What W and U are computed by.</param>
    /// <param name="origin">Of W, and what both are drawn from.</param>
    public RecurrentGate(string name, string title, int inputs, int units, double start, RecurrentCell cell, Initializer recurrent, WeightParametrization parametrization, in Origin origin)
        : base(name, inputs, units)
    {
        Title = title;
        var ofInput = new Parameter(empty([units, inputs], dtype: ScalarType.Float32, device: CPU));
        var ofSteps = new Parameter(empty([units, units], dtype: ScalarType.Float32, device: CPU));
        (_parametrization, StoredOfInput, StoredOfSteps) = (parametrization, ofInput, ofSteps);
        Bias = new Parameter(full([units], (TorchSharp.Scalar)start, ScalarType.Float32, CPU));
        register_parameter("input", ofInput);
        register_parameter("recurrent", ofSteps);
        register_parameter("bias", Bias);
        origin.Initializer.Initialize(ofInput, null, 1, new LayerRole(cell.Activation), origin);
        recurrent.Initialize(ofSteps, null, 1, new LayerRole(), origin);
        _ofInput = Register("parametrizationOfInput", ofInput, origin.Random);
        _ofSteps = Register("parametrizationOfSteps", ofSteps, origin.Random);
    }

    /// <summary>What W is made of.</summary>
    public Parameter StoredOfInput { get; }

    /// <summary>What U is made of.</summary>
    public Parameter StoredOfSteps { get; }

    public Parameter Bias { get; }

    /// <summary>W.</summary>
    public Tensor OfInput() => _ofInput is null ? StoredOfInput : _ofInput.forward(StoredOfInput);

    /// <summary>U.</summary>
    public Tensor OfSteps() => _ofSteps is null ? StoredOfSteps : _ofSteps.forward(StoredOfSteps);

    public override double SquaredWeightNorm()
    {
        using var scope = NewDisposeScope();
        return OfInput().square().sum().item<float>() + OfSteps().square().sum().item<float>();
    }

    /// <summary>Multiplies W; U keeps what makes it carry signals from step to step.</summary>
    public override void ScaleWeights(double factor)
    {
        using var scope = NewDisposeScope();
        _parametrization.Scale(_ofInput, StoredOfInput, factor);
    }

    /// <summary>What it makes of the input of every step alone.</summary>
    public override Tensor LinearOutput(Layer layer, Tensor input) => nn.functional.linear(input, OfInput(), Bias);

    public override Tensor forward(Tensor input) => throw new UnreachableException();

    public override string WriteOnnx(OnnxGraph graph, string input, string path) => throw new UnreachableException();

    /// <summary>The nodes of W.</summary>
    public string WriteOfInput(OnnxGraph graph, string path) => Write(graph, StoredOfInput, _ofInput, $"{path}.input", $"{path}.parametrizationOfInput");

    /// <summary>The nodes of U.</summary>
    public string WriteOfSteps(OnnxGraph graph, string path) => Write(graph, StoredOfSteps, _ofSteps, $"{path}.recurrent", $"{path}.parametrizationOfSteps");

    private string Write(OnnxGraph graph, Parameter stored, nn.Module<Tensor, Tensor>? module, string name, string path)
    {
        var weight = graph.Constant(name, stored);
        return module is null ? weight : _parametrization.WriteOnnx(graph, module, weight, path);
    }

    private nn.Module<Tensor, Tensor>? Register(string name, Parameter weight, FitRandom random)
    {
        var module = _parametrization.CreateModule(weight, random);
        if (module is not null)
            register_module(name, module);
        return module;
    }
}
