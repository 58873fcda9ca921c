using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Weight standardization (Qiao et al. 2019): W = (V − mean(V))/√(var(V) + ε), mean and biased variance over the inputs of a unit, V
/// trained. Such weights enlarge a signal by √inputs, so a normalization has to follow. The output layer keeps its weights.
/// </summary>
public sealed record WeightStandardization : WeightParametrization
{
    private readonly double _epsilon = 1e-5;

    [JsonConstructor]
    internal WeightStandardization() { }

    /// <summary>ε, above 0. Default 1e-5.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    internal override bool HoldsForOutput => false;

    internal override string? Objection(int inputs) => Normalization.TooFew(inputs) is { } why ? $"a unit has {inputs} weights, and {why}" : null;

    internal override nn.Module<Tensor, Tensor> CreateModule(Parameter weight, FitRandom random) => new Standardized(Epsilon);

    internal override WrittenWeights WriteOut(nn.Module<Tensor, Tensor>? module, Parameter weight) => new Rows(weight, Epsilon);

    internal override bool HasFreeScale => false;

    internal override void Scale(nn.Module<Tensor, Tensor>? module, Parameter weight, double factor) { }

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string weight, string name)
    {
        var mean = graph.Add("ReduceMean", [weight], $"{name}.mean", ("axes", new[] { 1 }), ("keepdims", 1));
        var centred = graph.Add("Sub", [weight, mean], $"{name}.centred");
        var squares = graph.Add("Mul", [centred, centred], $"{name}.squares");
        var variance = graph.Add("ReduceMean", [squares], $"{name}.variance", ("axes", new[] { 1 }), ("keepdims", 1));
        var shifted = graph.Add("Add", [variance, graph.Constant($"{name}.epsilon", (float)Epsilon)], $"{name}.shifted");
        return graph.Add("Div", [centred, graph.Add("Sqrt", [shifted], $"{name}.deviation")], name);
    }

    private sealed class Standardized(double epsilon) : nn.Module<Tensor, Tensor>("standardized")
    {
        // A unit's weights as a row of layer normalization: one kernel in place of six.
        public override Tensor forward(Tensor weight) => nn.functional.layer_norm(weight, [weight.shape[1]], eps: epsilon);
    }

    private sealed class Rows(Parameter weight, double epsilon) : ComputedWeights(weight)
    {
        private readonly float[] _deviations = new float[weight.shape[0]];

        protected override void Make(bool training)
        {
            for (var unit = 0; unit < Units; unit++)
                _deviations[unit] = Standardizing.Forward(Of(unit), Made.RowValues(unit), epsilon);
        }

        public override void Differentiate()
        {
            for (var unit = 0; unit < Units; unit++)
            {
                var gradient = GradientOf(unit);
                Standardizing.Backward(gradient, Made.RowValues(unit), _deviations[unit]);
                TensorPrimitives.Add(StoredGradientOf(unit), gradient, StoredGradientOf(unit));
            }
        }
    }
}
