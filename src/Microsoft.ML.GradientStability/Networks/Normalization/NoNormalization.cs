using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>No normalization.</summary>
public sealed record NoNormalization : Normalization
{
    [JsonConstructor]
    internal NoNormalization() { }

    internal override nn.Module<Tensor, Tensor>? CreateModule(int units) => null;

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) => input;
}
