using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The simple recurrent network of Elman (1990), h ← tanh(W·x + U·h + b). ONNX operator RNN.</summary>
public sealed record TanhCell : RecurrentCell
{
    [JsonConstructor]
    internal TanhCell() { }

    internal override string Kind => "RNN";

    internal override IReadOnlyList<(string Name, string Title, double Bias)> Gates => [("unit", "", 0)];

    internal override IReadOnlyList<int> OnnxOrder => [0];

    internal override string Operator => "RNN";

    internal override Activation Activation => Activation.Tanh;

    internal override void ToSlopes(Span<float> h)
    {
        for (var i = 0; i < h.Length; i++)
            h[i] = 1 - h[i] * h[i];
    }

    internal override (Tensor Outputs, Tensor End) Run(Tensor input, Tensor start, Tensor ofInput, Tensor ofSteps, Tensor bias, int piece) =>
        NativeRecurrence.Run("rnn_tanh", input, start, ofInput, ofSteps, bias, piece);
}
