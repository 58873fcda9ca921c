using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000): gates i, f, o =
/// σ(W·x + U·h + b) each with its own weights, g = tanh(W·x + U·h + b), state c ← f·c + i·g, h ← o·tanh(c). ONNX operator LSTM.
/// </summary>
public sealed record LstmCell : RecurrentCell
{
    private readonly double _forgetBias = 1;

    [JsonConstructor]
    internal LstmCell() { }

    /// <summary>
    /// What the bias of the forget gate starts at, any finite number. Default 1, which keeps the state to begin with (Jozefowicz, Zaremba and
    /// Sutskever 2015).
    /// </summary>
    public double ForgetBias { get => _forgetBias; init => _forgetBias = Check.Number(value, nameof(ForgetBias)); }

    private protected override string Parameters => ForgetBias == 1 ? "" : Invariant($"forget bias {ForgetBias}");

    internal override string Kind => "LSTM";

    internal override IReadOnlyList<(string Name, string Title, double Bias)> Gates =>
        [("input", "input gate", 0), ("forget", "forget gate", ForgetBias), ("cell", "cell", 0), ("output", "output gate", 0)];

    internal override IReadOnlyList<int> OnnxOrder => [0, 3, 1, 2];

    internal override int States => 2;

    internal override string Operator => "LSTM";

    internal override (Tensor Outputs, Tensor End) Run(Tensor input, Tensor start, Tensor ofInput, Tensor ofSteps, Tensor bias, int piece) =>
        NativeRecurrence.Run("lstm", input, start, ofInput, ofSteps, bias, piece);
}
