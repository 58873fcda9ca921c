using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Batch normalization (Ioffe and Szegedy 2015): y = γ·(x − μ)/√(σ² + ε) + β a unit. In training μ and σ² are those of the batch,
/// and running averages r ← (1 − m)·r + m·batch are kept, which take their place when the model scores.
/// ONNX operator BatchNormalization.
/// </summary>
public sealed record BatchNormalization : Normalization
{
    private readonly double _epsilon = 1e-5;
    private readonly double _momentum = 0.1;

    [JsonConstructor]
    internal BatchNormalization() { }

    /// <summary>ε, above 0. Default 1e-5, PyTorch's.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    /// <summary>m, the weight of the newest batch in the running averages, in [0, 1]. Default 0.1, PyTorch's.</summary>
    public double Momentum { get => _momentum; init => _momentum = Check.InRange(value, 0, 1, nameof(Momentum)); }

    internal override bool RemovesBias => true;

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => new Batchwise(units, Epsilon, Momentum);

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new Columnwise((Batchwise)module, units, Epsilon, Momentum);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        var norm = (Batchwise)module;
        return graph.Add("BatchNormalization",
            [
                input,
                graph.Constant($"{name}.weight", norm.Weight), graph.Constant($"{name}.bias", norm.Bias),
                graph.Constant($"{name}.running_mean", norm.Mean), graph.Constant($"{name}.running_var", norm.Variance),
            ], name, ("epsilon", (float)Epsilon));
    }

    /// <summary>
    /// In place of <c>nn.BatchNorm1d</c>, which counts its batches by a scalar that nothing keeps alive (<see cref="LastingScalars"/>). The count would only
    /// matter to an average over all batches.
    /// </summary>
    private sealed class Batchwise : nn.Module<Tensor, Tensor>
    {
        private readonly double _epsilon;
        private readonly double _momentum;

        public Batchwise(int units, double epsilon, double momentum) : base("batch")
        {
            (_epsilon, _momentum) = (epsilon, momentum);
            Weight = new Parameter(ones(units, dtype: ScalarType.Float32, device: CPU));
            Bias = new Parameter(zeros(units, dtype: ScalarType.Float32, device: CPU));
            (Mean, Variance) = (zeros(units, dtype: ScalarType.Float32, device: CPU), ones(units, dtype: ScalarType.Float32, device: CPU));
            register_parameter("weight", Weight);
            register_parameter("bias", Bias);
            register_buffer("running_mean", Mean);
            register_buffer("running_var", Variance);
        }

        public Parameter Weight { get; }

        public Parameter Bias { get; }

        public Tensor Mean { get; }

        public Tensor Variance { get; }

        public override Tensor forward(Tensor input) =>
            nn.functional.batch_norm(input, Mean, Variance, Weight, Bias, training, _momentum, _epsilon);
    }

    /// <summary>With z the normalized x and G = ∂L/∂y: ∂L/∂x = γ·(G − mean(G) − z·mean(G·z))/√(σ² + ε), the means over the rows.</summary>
    private sealed unsafe class Columnwise(Batchwise norm, int units, double epsilon, double momentum) : Pass
    {
        private readonly Learned _scale = new(norm.Weight);
        private readonly Learned _shift = new(norm.Bias);
        private readonly float* _mean = Learned.Address(norm.Mean);
        private readonly float* _variance = Learned.Address(norm.Variance);
        private readonly Block _normalized = new(units);
        private readonly Block _output = new(units);

        /// <summary>A number a unit: the mean, 1/√(σ² + ε), and two of which the gradient is made.</summary>
        private readonly Block _ofUnits = new Block(units).Of(4);

        public override Block Forward(Block input, bool training)
        {
            var rows = input.Rows;
            _normalized.Of(rows);
            _output.Of(rows);
            if (!training)
                return Evaluate(input);
            _ofUnits.Values.Clear();
            var means = _ofUnits.RowValues(0);
            var deviations = _ofUnits.RowValues(1);
            RowLoops.AddSum(input.Matrix, _ofUnits.Row(0));
            TensorPrimitives.Multiply(means, 1f / rows, means);
            for (var r = 0; r < rows; r++)
                TensorPrimitives.Subtract(input.RowValues(r), means, _normalized.RowValues(r));
            RowLoops.AddProductSum(_normalized, _normalized, _ofUnits.Row(1));
            for (var u = 0; u < units; u++)
            {
                // The variance of the batch is biased, that of the running average is not.
                _mean[u] += (float)momentum * (means[u] - _mean[u]);
                _variance[u] += (float)momentum * (deviations[u] / (rows - 1) - _variance[u]);
                deviations[u] = 1 / MathF.Sqrt(deviations[u] / rows + (float)epsilon);
            }
            var gamma = new ReadOnlySpan<float>(_scale.Values, units);
            var beta = new ReadOnlySpan<float>(_shift.Values, units);
            for (var r = 0; r < rows; r++)
            {
                var z = _normalized.RowValues(r);
                TensorPrimitives.Multiply(z, deviations, z);
                TensorPrimitives.MultiplyAdd(z, gamma, beta, _output.RowValues(r));
            }
            return _output;
        }

        private Block Evaluate(Block input)
        {
            var factors = _ofUnits.RowValues(1);
            for (var u = 0; u < units; u++)
                factors[u] = _scale.Values[u] / MathF.Sqrt(_variance[u] + (float)epsilon);
            for (var r = 0; r < input.Rows; r++)
            {
                var y = _output.RowValues(r);
                TensorPrimitives.Subtract(input.RowValues(r), new ReadOnlySpan<float>(_mean, units), y);
                TensorPrimitives.MultiplyAdd(y, factors, new ReadOnlySpan<float>(_shift.Values, units), y);
            }
            return _output;
        }

        public override Block Backward(Block gradient, bool toInput = true)
        {
            var rows = gradient.Rows;
            var deviations = _ofUnits.RowValues(1);
            var mean = _ofUnits.RowValues(2);
            var along = _ofUnits.RowValues(3);
            mean.Clear();
            along.Clear();
            RowLoops.AddSum(gradient.Matrix, _ofUnits.Row(2));
            RowLoops.AddProductSum(gradient, _normalized, _ofUnits.Row(3));
            for (var u = 0; u < units; u++)
            {
                _shift.Gradients[u] += mean[u];
                _scale.Gradients[u] += along[u];
                deviations[u] *= _scale.Values[u];
                (mean[u], along[u]) = (mean[u] / rows, -along[u] / rows);
            }
            for (var r = 0; r < rows; r++)
            {
                var g = gradient.RowValues(r);
                TensorPrimitives.MultiplyAdd(_normalized.RowValues(r), along, g, g);
                TensorPrimitives.Subtract(g, mean, g);
                TensorPrimitives.Multiply(g, deviations, g);
            }
            return gradient;
        }
    }
}
