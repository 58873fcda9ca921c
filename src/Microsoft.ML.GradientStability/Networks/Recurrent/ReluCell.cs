using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// h ← max(0, W·x + U·h + b), U = I to begin with: the IRNN of Le, Jaitly and Hinton (2015), "A simple way to initialize recurrent networks of
/// rectified linear units". ONNX operator RNN.
/// </summary>
public sealed record ReluCell : RecurrentCell
{
    [JsonConstructor]
    internal ReluCell() { }

    internal override string Kind => "RNN";

    internal override IReadOnlyList<(string Name, string Title, double Bias)> Gates => [("unit", "", 0)];

    internal override IReadOnlyList<int> OnnxOrder => [0];

    internal override string Operator => "RNN";

    internal override IEnumerable<(string Name, object Value)> Attributes => [("activations", new[] { "Relu" })];

    internal override Activation Activation => Activation.Relu;

    internal override Initializer Recurrent => Initializer.Identity;

    internal override void ToSlopes(Span<float> h)
    {
        for (var i = 0; i < h.Length; i++)
            h[i] = h[i] > 0 ? 1 : 0;
    }

    internal override (Tensor Outputs, Tensor End) Run(Tensor input, Tensor start, Tensor ofInput, Tensor ofSteps, Tensor bias, int piece) =>
        NativeRecurrence.Run("rnn_relu", input, start, ofInput, ofSteps, bias, piece);
}
