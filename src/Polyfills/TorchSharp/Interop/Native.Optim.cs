using System.Runtime.InteropServices;

namespace TorchSharp;

// The functions of native/optim.cpp.
internal static unsafe partial class Native
{
    [DllImport(Library)] internal static extern int sgd_step(nint parameter, nint* momentumBuffer, double lr, double momentum,
        double dampening, double weightDecay, bool nesterov, bool maximize);
    [DllImport(Library)] internal static extern int adam_step(nint parameter, nint expAvg, nint expAvgSq, nint maxExpAvgSq, long* step,
        double lr, double beta1, double beta2, double eps, double weightDecay, bool maximize);
}
