using System.Text.Json.Serialization;
using static TorchSharp.torch;

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

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) =>
        nn.BatchNorm1d(units, Epsilon, Momentum, device: CPU, dtype: ScalarType.Float32);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        var norm = (TorchSharp.Modules.BatchNorm1d)module;
        return graph.Add("BatchNormalization",
            [
                input,
                graph.Constant($"{name}.weight", norm.weight!), graph.Constant($"{name}.bias", norm.bias!),
                graph.Constant($"{name}.running_mean", norm.running_mean!), graph.Constant($"{name}.running_var", norm.running_var!),
            ], name, ("epsilon", (float)Epsilon));
    }
}
