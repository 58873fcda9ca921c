using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Group normalization (Wu and He 2018): with mean μ and biased variance σ² over each group of units/groups neighbouring units of a
/// row, y = γ·(x − μ)/√(σ² + ε) + β, γ and β learned a unit, from 1 and 0. One group is layer normalization.
/// </summary>
public sealed record GroupNormalization : Normalization
{
    private readonly int _groups = 8;
    private readonly double _epsilon = 1e-5;

    [JsonConstructor]
    internal GroupNormalization() { }

    /// <summary>Groups a layer, at least 1, a divisor of the units of every hidden layer that leaves 3 or more a group. Default 8.</summary>
    public int Groups { get => _groups; init => _groups = Check.AtLeast(value, 1, nameof(Groups)); }

    /// <summary>ε, above 0. Default 1e-5, PyTorch's.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    private protected override string Parameters => Invariant($"{Groups}");

    internal override string? Objection(int units) =>
        units % Groups != 0 ? $"{Groups} groups do not divide {units} units"
        : TooFew(units / Groups) is { } why ? $"{Groups} groups of {units} units hold {units / Groups} each, and {why}"
        : null;

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => new Groupwise(Groups, units, Epsilon);

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units)
    {
        var norm = (Groupwise)module;
        return new GroupPass(Groups, units, Epsilon, new Learned(norm.Weight), new Learned(norm.Bias));
    }

    internal override nn.Module<Tensor, Tensor> CreateModuleOfChannels(int channels) => new GroupsOfChannels(Groups, channels, Epsilon);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        var groupwise = (Groupwise)module;
        using var one = ones(Groups, dtype: ScalarType.Float32, device: CPU);
        using var zero = zeros(Groups, dtype: ScalarType.Float32, device: CPU);
        var groups = graph.Add("Reshape", [input, graph.Constant($"{name}.groups", [0, Groups, -1])], $"{name}.grouped");
        var normalized = graph.Add("InstanceNormalization",
            [groups, graph.Constant($"{name}.one", one), graph.Constant($"{name}.zero", zero)], $"{name}.normalized", ("epsilon", (float)Epsilon));
        var rows = graph.Add("Reshape", [normalized, graph.Constant($"{name}.rows", [0, -1])], $"{name}.flat");
        var scaled = graph.Add("Mul", [rows, graph.Constant($"{name}.weight", groupwise.Weight)], $"{name}.scaled");
        return graph.Add("Add", [scaled, graph.Constant($"{name}.bias", groupwise.Bias)], name);
    }

    /// <summary>In place of <c>nn.GroupNorm</c>, whose γ and β start as whatever memory held in TorchSharp 0.107.0 (Upstream/GroupNormTests).</summary>
    private sealed class Groupwise : nn.Module<Tensor, Tensor>
    {
        private readonly int _groups;
        private readonly double _epsilon;

        public Groupwise(int groups, int units, double epsilon) : base("group")
        {
            (_groups, _epsilon) = (groups, epsilon);
            Weight = new Parameter(ones(units, dtype: ScalarType.Float32, device: CPU));
            Bias = new Parameter(zeros(units, dtype: ScalarType.Float32, device: CPU));
            register_parameter("weight", Weight);
            register_parameter("bias", Bias);
        }

        public Parameter Weight { get; }

        public Parameter Bias { get; }

        public override Tensor forward(Tensor input) => nn.functional.group_norm(input, _groups, Weight, Bias, _epsilon);
    }
}
