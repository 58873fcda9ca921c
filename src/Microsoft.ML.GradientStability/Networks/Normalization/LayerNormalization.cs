using System.Text.Json.Serialization;
using static TorchSharp.torch;

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
        return new GroupPass(1, units, Epsilon, new Learned(norm.weight!), new Learned(norm.bias!));
    }

    internal override nn.Module<Tensor, Tensor> CreateModuleOfChannels(int channels) => new GroupsOfChannels(1, channels, Epsilon);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        var norm = (TorchSharp.Modules.LayerNorm)module;
        return graph.Add("LayerNormalization",
            [input, graph.Constant($"{name}.weight", norm.weight!), graph.Constant($"{name}.bias", norm.bias!)], name,
            ("axis", -1), ("epsilon", (float)Epsilon));
    }
}
