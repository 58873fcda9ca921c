using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// LibTorch's recurrences over tensors that are given. TorchSharp binds them in modules alone, whose weights lie gate in gate in one parameter
/// and start from the generator of the process; TorchScript calls the same kernels with any weights, and three times as fast as steps written
/// in C# (LSTM of 64 units over 50 steps).
/// </summary>
internal static class NativeRecurrence
{
    private const string Script =
        """
        def lstm(x: Tensor, state: Tensor, w: Tensor, u: Tensor, b: Tensor, zero: Tensor, piece: int) -> Tuple[Tensor, Tensor]:
            h, c = state[0:1], state[1:2]
            parts: List[Tensor] = []
            for first in range(0, x.size(1), piece):
                y, h, c = torch.lstm(x[:, first:first + piece], [h.detach(), c.detach()], [w, u, b, zero], True, 1, 0.0, True, False, True)
                parts.append(y)
            return parts[0] if len(parts) == 1 else torch.cat(parts, 1), torch.cat([h, c])

        """;

    /// <summary>The others, whose state is what they give; each under the name of LibTorch's function.</summary>
    private const string Others =
        """
        def NAME(x: Tensor, h: Tensor, w: Tensor, u: Tensor, b: Tensor, zero: Tensor, piece: int) -> Tuple[Tensor, Tensor]:
            parts: List[Tensor] = []
            for first in range(0, x.size(1), piece):
                y, h = torch.NAME(x[:, first:first + piece], h.detach(), [w, u, b, zero], True, 1, 0.0, True, False, True)
                parts.append(y)
            return parts[0] if len(parts) == 1 else torch.cat(parts, 1), h

        """;

    private static readonly Lazy<torch.jit.CompilationUnit> s_functions = new(() => torch.jit.compile(Script + string.Concat(new[] { "gru", "rnn_tanh", "rnn_relu" }.Select(name => Others.Replace("NAME", name)))));

    /// <summary>One recurrence; the parameters are those of <see cref="RecurrentCell.Run"/>.</summary>
    public static (Tensor Outputs, Tensor End) Run(string function, Tensor input, Tensor start, Tensor ofInput, Tensor ofSteps, Tensor bias, int piece) =>
        ((Tensor, Tensor))s_functions.Value.invoke(function, input, start, ofInput, ofSteps, bias, zeros(bias.shape[0], dtype: ScalarType.Float32, device: bias.device), piece)!;
}
