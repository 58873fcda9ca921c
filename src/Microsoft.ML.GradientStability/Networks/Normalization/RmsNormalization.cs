using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Root mean square normalization (Zhang and Sennrich 2019): y = γ·x/√(mean(x²) + ε), the mean over the units of a row, γ learned a
/// unit, from 1. In ONNX written out, because the operator RMSNormalization is newer than opset 17.
/// </summary>
public sealed record RmsNormalization : Normalization
{
    private readonly double _epsilon = 1e-5;

    [JsonConstructor]
    internal RmsNormalization() { }

    /// <summary>ε, above 0. Default 1e-5.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    internal override string? Objection(int units) => units == 1 ? "the layer has 1, and a single number over its own size is −1 or 1" : null;

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => new RootMeanSquare(units, Epsilon);

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) =>
        new Rowwise(new Learned(((RootMeanSquare)module).Weight), units, Epsilon);

    internal override nn.Module<Tensor, Tensor> CreateModuleOfChannels(int channels) => new RmsOfChannels(channels, Epsilon);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        var squares = graph.Add("Mul", [input, input], $"{name}.squares");
        var mean = graph.Add("ReduceMean", [squares], $"{name}.mean", ("axes", new[] { -1 }), ("keepdims", 1));
        var shifted = graph.Add("Add", [mean, graph.Constant($"{name}.epsilon", (float)Epsilon)], $"{name}.shifted");
        var normalized = graph.Add("Div", [input, graph.Add("Sqrt", [shifted], $"{name}.root")], $"{name}.normalized");
        return graph.Add("Mul", [normalized, graph.Constant($"{name}.weight", ((RootMeanSquare)module).Weight)], name);
    }

    private sealed class RootMeanSquare : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Scalar _epsilon;

        public RootMeanSquare(int units, double epsilon) : base("rms")
        {
            _epsilon = epsilon;
            Weight = new Parameter(ones(units, dtype: ScalarType.Float32, device: CPU));
            register_parameter("weight", Weight);
        }

        public Parameter Weight { get; }

        public override Tensor forward(Tensor input) => input * input.square().mean([-1], keepdim: true).Plus(_epsilon).rsqrt() * Weight;
    }

    /// <summary>With z the normalized x and h = γ·∂L/∂y: ∂L/∂x = (h − z·mean(h·z))/√(mean(x²) + ε) row by row.</summary>
    private sealed unsafe class Rowwise(Learned scale, int units, double epsilon) : Pass
    {
        private readonly Block _normalized = new(units);
        private readonly Block _output = new(units);
        private float[] _sizes = [];

        public override Block Forward(Block input, bool training)
        {
            var rows = input.Rows;
            if (_sizes.Length < rows)
                _sizes = new float[rows];
            _normalized.Of(rows);
            _output.Of(rows);
            var gamma = new ReadOnlySpan<float>(scale.Values, units);
            for (var r = 0; r < rows; r++)
            {
                var x = input.RowValues(r);
                var z = _normalized.RowValues(r);
                _sizes[r] = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares(x) / units + (float)epsilon);
                TensorPrimitives.Multiply(x, _sizes[r], z);
                TensorPrimitives.Multiply(z, gamma, _output.RowValues(r));
            }
            return _output;
        }

        public override Block Backward(Block gradient, bool toInput = true)
        {
            RowLoops.AddProductSum(gradient, _normalized, scale.Gradients);
            var gamma = new ReadOnlySpan<float>(scale.Values, units);
            for (var r = 0; r < gradient.Rows; r++)
            {
                var g = gradient.RowValues(r);
                var z = _normalized.RowValues(r);
                TensorPrimitives.Multiply(g, gamma, g);
                TensorPrimitives.MultiplyAdd(z, -TensorPrimitives.Dot(g, z) / units, g, g);
                TensorPrimitives.Multiply(g, _sizes[r], g);
            }
            return gradient;
        }
    }
}
