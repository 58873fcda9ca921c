using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Gated recurrent unit (Cho et al. 2014, in the form of cuDNN and PyTorch): gates r, z = σ(W·x + U·h + b) each with its own weights,
/// n = tanh(W·x + b + r·(U·h)), h ← (1 − z)·n + z·h. ONNX operator GRU with linear_before_reset.
/// </summary>
public sealed record GruCell : RecurrentCell
{
    [JsonConstructor]
    internal GruCell() { }

    internal override string Kind => "GRU";

    internal override IReadOnlyList<(string Name, string Title, double Bias)> Gates =>
        [("reset", "reset gate", 0), ("update", "update gate", 0), ("candidate", "candidate", 0)];

    internal override IReadOnlyList<int> OnnxOrder => [1, 0, 2];

    internal override string Operator => "GRU";

    internal override IEnumerable<(string Name, object Value)> Attributes => [("linear_before_reset", 1)];

    internal override (Tensor Outputs, Tensor End) Run(Tensor input, Tensor start, Tensor ofInput, Tensor ofSteps, Tensor bias, int piece) =>
        NativeRecurrence.Run("gru", input, start, ofInput, ofSteps, bias, piece);
}
