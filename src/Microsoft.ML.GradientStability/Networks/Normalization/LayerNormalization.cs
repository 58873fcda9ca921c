using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Layer normalization (Ba, Kiros and Hinton 2016): y = γ·(x − mean(x))/√(var(x) + ε) + β, mean and biased variance over the units
/// of a row, γ and β learned, from 1 and 0. ONNX operator LayerNormalization, opset 17.
/// </summary>
public sealed record LayerNormalization : Normalization
{
    private readonly double _epsilon = 1e-5;

    [JsonConstructor]
    internal LayerNormalization() { }

    /// <summary>ε, above 0. Default 1e-5, PyTorch's.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    internal override string? Objection(int units) => TooFew(units) is { } why ? $"the layer has {units}, and {why}" : null;

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.LayerNorm(units, Epsilon, device: CPU, dtype: ScalarType.Float32);

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units)
    {
        var norm = (TorchSharp.Modules.LayerNorm)module;
        return new Rowwise(new Learned(norm.weight!), new Learned(norm.bias!), units, Epsilon);
    }

    internal override nn.Module<Tensor, Tensor> CreateModuleOfChannels(int channels) => new GroupsOfChannels(1, channels, Epsilon);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        var norm = (TorchSharp.Modules.LayerNorm)module;
        return graph.Add("LayerNormalization",
            [input, graph.Constant($"{name}.weight", norm.weight!), graph.Constant($"{name}.bias", norm.bias!)], name,
            ("axis", -1), ("epsilon", (float)Epsilon));
    }

    /// <summary>With z the normalized x and h = γ·∂L/∂y: ∂L/∂x = (h − mean(h) − z·mean(h·z))/√(var(x) + ε) row by row.</summary>
    private sealed unsafe class Rowwise(Learned scale, Learned shift, int units, double epsilon) : Pass
    {
        private readonly Block _normalized = new(units);
        private readonly Block _output = new(units);
        private float[] _deviations = [];

        public override Block Forward(Block input, bool training)
        {
            var rows = input.Rows;
            if (_deviations.Length < rows)
                _deviations = new float[rows];
            _normalized.Of(rows);
            _output.Of(rows);
            var gamma = new ReadOnlySpan<float>(scale.Values, units);
            var beta = new ReadOnlySpan<float>(shift.Values, units);
            for (var r = 0; r < rows; r++)
            {
                var x = input.RowValues(r);
                var z = _normalized.RowValues(r);
                var y = _output.RowValues(r);
                TensorPrimitives.Subtract(x, TensorPrimitives.Sum(x) / units, z);
                _deviations[r] = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares(z) / units + (float)epsilon);
                TensorPrimitives.Multiply(z, _deviations[r], z);
                TensorPrimitives.MultiplyAdd(z, gamma, beta, y);
            }
            return _output;
        }

        public override Block Backward(Block gradient, bool toInput = true)
        {
            RowLoops.AddProductSum(gradient, _normalized, scale.Gradients);
            RowLoops.AddSum(gradient.Matrix, shift.Gradients);
            var gamma = new ReadOnlySpan<float>(scale.Values, units);
            for (var r = 0; r < gradient.Rows; r++)
            {
                var g = gradient.RowValues(r);
                var z = _normalized.RowValues(r);
                TensorPrimitives.Multiply(g, gamma, g);
                var (mean, along) = (TensorPrimitives.Sum(g) / units, TensorPrimitives.Dot(g, z) / units);
                TensorPrimitives.Subtract(g, mean, g);
                TensorPrimitives.MultiplyAdd(z, -along, g, g);
                TensorPrimitives.Multiply(g, _deviations[r], g);
            }
            return gradient;
        }
    }
}
