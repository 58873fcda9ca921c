using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Instance normalization (Ulyanov, Vedaldi and Lempitsky 2016) of units that are channels × positions, channel by channel: with mean μ
/// and biased variance σ² over the positions of a channel of a row, y = (x − μ)/√(σ² + ε), or γ·y + β where <see cref="Affine"/>.
/// ONNX operator InstanceNormalization.
/// </summary>
public sealed record InstanceNormalization : Normalization
{
    private readonly int _channels = 1;
    private readonly double _epsilon = 1e-5;

    [JsonConstructor]
    internal InstanceNormalization() { }

    /// <summary>Channels a layer, at least 1, a divisor of the units of every hidden layer that leaves 3 or more positions. Default 1.</summary>
    public int Channels { get => _channels; init => _channels = Check.AtLeast(value, 1, nameof(Channels)); }

    /// <summary>ε, above 0. Default 1e-5, PyTorch's.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    /// <summary>Whether every channel learns a scale γ and a shift β, from 1 and 0. Default <see langword="false"/>, PyTorch's.</summary>
    public bool Affine { get; init; }

    private protected override string Parameters => Invariant($"{Channels}{(Affine ? ", affine" : "")}");

    internal override string? Objection(int units) =>
        units % Channels != 0 ? $"{Channels} channels do not divide {units} units"
        : TooFew(units / Channels) is { } why ? $"{Channels} channels of {units} units hold {units / Channels} each, and {why}"
        : null;

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => new ModuleOfRows(Channels, Epsilon, Affine);

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units)
    {
        var norm = ((ModuleOfRows)module).Norm;
        return new GroupPass(Channels, units, Epsilon, Affine ? new Learned(norm.weight!) : null, Affine ? new Learned(norm.bias!) : null);
    }

    internal override nn.Module<Tensor, Tensor> CreateModuleOfChannels(int channels) => new GroupsOfChannels(channels, channels, Epsilon, Affine);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        var norm = ((ModuleOfRows)module).Norm;
        using var one = ones(Channels, dtype: ScalarType.Float32, device: CPU);
        using var zero = zeros(Channels, dtype: ScalarType.Float32, device: CPU);
        var channels = graph.Add("Reshape", [input, graph.Constant($"{name}.channels", [0, Channels, -1])], $"{name}.split");
        var normalized = graph.Add("InstanceNormalization",
            [
                channels,
                graph.Constant($"{name}.norm.weight", Affine ? norm.weight! : one), graph.Constant($"{name}.norm.bias", Affine ? norm.bias! : zero),
            ], $"{name}.normalized", ("epsilon", (float)Epsilon));
        return graph.Add("Reshape", [normalized, graph.Constant($"{name}.rows", [0, -1])], name);
    }

    /// <summary>TorchSharp's module takes (batch × channels × positions).</summary>
    private sealed class ModuleOfRows : nn.Module<Tensor, Tensor>
    {
        private readonly int _channels;

        public ModuleOfRows(int channels, double epsilon, bool affine) : base("instance")
        {
            _channels = channels;
            Norm = nn.InstanceNorm1d(channels, epsilon, affine: affine, dtype: ScalarType.Float32, device: CPU);
            register_module("norm", Norm);
        }

        public TorchSharp.Modules.InstanceNorm1d Norm { get; }

        public override Tensor forward(Tensor input) => Norm.forward(input.view(input.shape[0], _channels, -1)).view(input.shape);
    }
}
