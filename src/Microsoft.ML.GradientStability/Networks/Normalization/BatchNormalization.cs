using System.Text.Json.Serialization;
using TorchSharp.Modules;
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

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => new Batchwise(units, Epsilon, Momentum);

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
}
