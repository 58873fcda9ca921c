using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;

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
}
