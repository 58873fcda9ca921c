using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Spectral normalization (Miyato et al. 2018): W = V/σ(V), σ the greatest singular value, by power iteration: v ← Vᵀu/‖Vᵀu‖,
/// u ← Vv/‖Vv‖, σ = uᵀVv, one iteration a training step and 15 at the start, as in PyTorch.
/// </summary>
public sealed record SpectralNormalization : WeightParametrization
{
    private const int FirstIterations = 15;
    private const double Epsilon = 1e-12;

    [JsonConstructor]
    internal SpectralNormalization() { }

    internal override nn.Module<Tensor, Tensor> CreateModule(Parameter weight, FitRandom random) => new Normalized(weight, random);

    internal override WrittenWeights WriteOut(nn.Module<Tensor, Tensor>? module, Parameter weight) => new Divided(weight, (Normalized)module!);

    internal override bool HasFreeScale => false;

    internal override void Scale(nn.Module<Tensor, Tensor>? module, Parameter weight, double factor) { }

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string weight, string name)
    {
        var norm = (Normalized)module;
        var right = graph.Add("MatMul", [weight, graph.Constant($"{name}.right", norm.Right)], $"{name}.image");
        var sigma = graph.Add("MatMul", [graph.Constant($"{name}.left", norm.Left), right], $"{name}.sigma");
        return graph.Add("Div", [weight, sigma], name);
    }

    private sealed class Normalized : nn.Module<Tensor, Tensor>
    {
        public Normalized(Parameter weight, FitRandom random) : base("normalized")
        {
            using (no_grad())
            using (NewDisposeScope())
            {
                Left = RandomDirection(weight.shape[0], random).DetachFromDisposeScope();
                Right = RandomDirection(weight.shape[1], random).DetachFromDisposeScope();
            }
            register_buffer("left", Left);
            register_buffer("right", Right);
            for (var i = 0; i < FirstIterations; i++)
                Iterate(weight);
        }

        /// <summary>u (units).</summary>
        public Tensor Left { get; }

        /// <summary>v (inputs).</summary>
        public Tensor Right { get; }

        public override Tensor forward(Tensor weight)
        {
            // Who only looks on, as a diagnosis does, has gradients switched off.
            if (training && is_grad_enabled())
                Iterate(weight);
            // The copies keep this step's vectors for the backward pass; the next iteration overwrites the originals.
            return weight / Left.clone().matmul(weight.matmul(Right.clone()));
        }

        private void Iterate(Tensor weight)
        {
            using var frozen = no_grad();
            using var scope = NewDisposeScope();
            Right.copy_(Direction(weight.t().matmul(Left)));
            Left.copy_(Direction(weight.matmul(Right)));
        }

        private static Tensor RandomDirection(long length, FitRandom random)
        {
            var numbers = empty([length], dtype: ScalarType.Float32, device: CPU);
            random.Next().FillNormal(1, MemoryMarshal.Cast<byte, float>(numbers.bytes));
            return Direction(numbers);
        }

        private static readonly TorchSharp.Scalar s_epsilon = Epsilon;

        private static Tensor Direction(Tensor vector) => vector / vector.square().sum().sqrt().clamp(min: s_epsilon);
    }

    /// <summary>With G = ∂L/∂W, u and v held: ∂L/∂V = (G − (Σ G·W)·u·vᵀ)/σ.</summary>
    private sealed unsafe class Divided(Parameter weight, Normalized norm) : ComputedWeights(weight)
    {
        private readonly float* _left = Learned.Address(norm.Left);
        private readonly float* _right = Learned.Address(norm.Right);
        private float _sigma;

        private Span<float> Right => new(_right, Inputs);

        protected override void Make(bool training)
        {
            if (training)
                Iterate();
            _sigma = 0;
            for (var unit = 0; unit < Units; unit++)
                _sigma += _left[unit] * TensorPrimitives.Dot(Of(unit), Right);
            TensorPrimitives.Divide(new ReadOnlySpan<float>(Stored.Values, Units * Inputs), _sigma, Made.Values);
        }

        public override void Differentiate()
        {
            var along = 0f;
            for (var unit = 0; unit < Units; unit++)
                along += TensorPrimitives.Dot<float>(GradientOf(unit), Made.RowValues(unit));
            for (var unit = 0; unit < Units; unit++)
            {
                var gradient = GradientOf(unit);
                var stored = StoredGradientOf(unit);
                TensorPrimitives.MultiplyAdd(Right, -along * _left[unit], gradient, gradient);
                TensorPrimitives.MultiplyAdd(gradient, 1 / _sigma, stored, stored);
            }
        }

        private void Iterate()
        {
            Right.Clear();
            for (var unit = 0; unit < Units; unit++)
                TensorPrimitives.MultiplyAdd(Of(unit), _left[unit], Right, Right);
            Turn(Right);
            for (var unit = 0; unit < Units; unit++)
                _left[unit] = TensorPrimitives.Dot(Of(unit), Right);
            Turn(new Span<float>(_left, Units));
        }

        private static void Turn(Span<float> vector) => TensorPrimitives.Divide(vector, Math.Max(TensorPrimitives.Norm<float>(vector), (float)Epsilon), vector);
    }
}
