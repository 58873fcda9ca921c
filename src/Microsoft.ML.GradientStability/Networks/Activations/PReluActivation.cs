using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Parametric rectified linear unit, f(x) = max(0, x) + a·min(0, x), a learnt, one for a layer or one a unit (He et al. 2015,
/// "Delving deep into rectifiers"). Weight decay leaves a alone. ONNX operator PRelu.
/// </summary>
public sealed record PReluActivation : Activation
{
    private readonly double _initialSlope = 0.25;

    [JsonConstructor]
    internal PReluActivation() { }

    /// <summary>a to begin with, in [0, 1). Default 0.25.</summary>
    public double InitialSlope
    {
        get => _initialSlope;
        init => _initialSlope = Check.InRange(value, 0, 1, nameof(InitialSlope), upperIncluded: false);
    }

    /// <summary>Whether every unit learns a slope of its own. Default <see langword="false"/>: one a layer.</summary>
    public bool PerUnit { get; init; }

    private protected override string Parameters => Invariant($"{InitialSlope}{(PerUnit ? " a unit" : "")}");

    internal override double Value(double x) => Math.Max(0, x) + InitialSlope * Math.Min(0, x);

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => new Sloped(PerUnit ? units : 1, InitialSlope);

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new Slopes(((Sloped)module).Weight, units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("PRelu", [input, graph.Constant($"{name}.weight", ((Sloped)module).Weight)], name);

    // TorchSharp's own makes its weight on the default device of the process, whichever it is told.
    private sealed class Sloped : nn.Module<Tensor, Tensor>
    {
        public Sloped(int slopes, double initial) : base("prelu")
        {
            Weight = new Parameter(full([slopes], (TorchSharp.Scalar)initial, ScalarType.Float32, CPU));
            register_parameter("weight", Weight);
        }

        /// <summary>a, one or one a unit.</summary>
        public Parameter Weight { get; }

        public override Tensor forward(Tensor input) => input.prelu(Weight);
    }

    /// <summary>With G = ∂L/∂y: ∂L/∂a = Σ G·min(0, x) over the rows, and over the units where there is one a.</summary>
    private sealed unsafe class Slopes(Parameter weight, int units) : Pass
    {
        private readonly Learned _slopes = new(weight);
        private readonly Block _output = new(units);
        private Block _input = null!;

        public override Block Forward(Block input, bool training)
        {
            _input = input;
            var from = input.Values;
            var to = _output.Of(input.Rows).Values;
            for (var i = 0; i < from.Length; i++)
                to[i] = from[i] > 0 ? from[i] : from[i] * _slopes.Values[At(i)];
            return _output;
        }

        public override Block Backward(Block gradient, bool toInput = true)
        {
            var x = _input.Values;
            var g = gradient.Values;
            for (var i = 0; i < x.Length; i++)
            {
                if (x[i] > 0)
                    continue;
                _slopes.Gradients[At(i)] += g[i] * x[i];
                g[i] *= _slopes.Values[At(i)];
            }
            return gradient;
        }

        private int At(int number) => _slopes.Length == 1 ? 0 : number % units;
    }
}
