using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weight normalization (Salimans and Kingma 2016): w = g·v/‖v‖ a unit, direction v (inputs) and length g (a number) both trained; g
/// starts as ‖v‖, so that the initial weights are those of the initializer.
/// </summary>
public sealed record WeightNormalization : WeightParametrization
{
    [JsonConstructor]
    internal WeightNormalization() { }

    internal override nn.Module<Tensor, Tensor> CreateModule(Parameter weight, FitRandom random) => new Normalized(weight);

    internal override WrittenWeights WriteOut(nn.Module<Tensor, Tensor>? module, Parameter weight) => new Directions(weight, ((Normalized)module!).Length);

    internal override void Scale(nn.Module<Tensor, Tensor>? module, Parameter weight, double factor) =>
        ((Normalized)module!).Length.mul_((TorchSharp.Scalar)factor);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string weight, string name)
    {
        var norm = graph.Add("ReduceL2", [weight], $"{name}.norm", ("axes", new[] { 1 }), ("keepdims", 1));
        var direction = graph.Add("Div", [weight, norm], $"{name}.direction");
        var column = graph.Add("Reshape",
            [graph.Constant($"{name}.length", ((Normalized)module).Length), graph.Constant($"{name}.column", [-1, 1])], $"{name}.lengths");
        return graph.Add("Mul", [direction, column], name);
    }

    private sealed class Normalized : nn.Module<Tensor, Tensor>
    {
        public Normalized(Parameter weight) : base("normalized")
        {
            Tensor lengths;
            using (no_grad())
            using (NewDisposeScope())
                lengths = Norms(weight).squeeze(1).DetachFromDisposeScope();
            Length = new Parameter(lengths);
            register_parameter("length", Length);
        }

        /// <summary>g (units).</summary>
        public Parameter Length { get; }

        public override Tensor forward(Tensor weight) => weight * (Length.unsqueeze(1) / Norms(weight));

        private static Tensor Norms(Tensor weight) => weight.norm(1, keepdim: true);
    }

    /// <summary>With G = ∂L/∂w and e = v/‖v‖: ∂L/∂g = G·e, ∂L/∂v = g/‖v‖·(G − e·(G·e)) a unit.</summary>
    private sealed unsafe class Directions(Parameter weight, Parameter lengths) : ComputedWeights(weight)
    {
        private readonly Learned _lengths = new(lengths);
        private readonly float[] _norms = new float[weight.shape[0]];

        protected override void Make(bool training)
        {
            for (var unit = 0; unit < Units; unit++)
            {
                _norms[unit] = TensorPrimitives.Norm(Of(unit));
                TensorPrimitives.Multiply(Of(unit), _lengths.Values[unit] / _norms[unit], Made.RowValues(unit));
            }
        }

        public override void Differentiate()
        {
            for (var unit = 0; unit < Units; unit++)
            {
                var gradient = GradientOf(unit);
                var stored = StoredGradientOf(unit);
                var along = TensorPrimitives.Dot(gradient, Of(unit)) / _norms[unit];
                _lengths.Gradients[unit] += along;
                TensorPrimitives.MultiplyAdd(Of(unit), -along / _norms[unit], gradient, gradient);
                TensorPrimitives.MultiplyAdd(gradient, _lengths.Values[unit] / _norms[unit], stored, stored);
            }
        }
    }
}
