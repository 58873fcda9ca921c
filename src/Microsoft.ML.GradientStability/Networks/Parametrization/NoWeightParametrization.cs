using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The weights are trained as they are.</summary>
public sealed record NoWeightParametrization : WeightParametrization
{
    [JsonConstructor]
    internal NoWeightParametrization() { }

    internal override nn.Module<Tensor, Tensor>? CreateModule(Parameter weight, FitRandom random) => null;

    internal override WrittenWeights WriteOut(nn.Module<Tensor, Tensor>? module, Parameter weight) => new(weight);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string weight, string name) => weight;
}
