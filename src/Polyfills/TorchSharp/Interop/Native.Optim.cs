using System.Runtime.InteropServices;

namespace TorchSharp;

// The functions of native/optim.cpp.
internal static unsafe partial class Native
{
    [DllImport(Library)] internal static extern int sgd_step(nint parameter, nint* momentumBuffer, double lr, double momentum,
        double dampening, double weightDecay, bool nesterov, bool maximize);
    [DllImport(Library)] internal static extern int adam_step(nint parameter, nint expAvg, nint expAvgSq, nint maxExpAvgSq, long* step,
        double lr, double beta1, double beta2, double eps, double weightDecay, bool maximize);
    [DllImport(Library)] internal static extern int nadam_step(nint parameter, nint expAvg, nint expAvgSq, long* step, double* muProduct,
        double lr, double beta1, double beta2, double eps, double weightDecay, double momentumDecay);
    [DllImport(Library)] internal static extern int rmsprop_step(nint parameter, nint squareAvg, nint gradAvg, nint momentumBuffer,
        long* step, double lr, double alpha, double eps, double weightDecay, double momentum, bool centered, bool maximize);
    [DllImport(Library)] internal static extern int adagrad_step(nint parameter, nint sum, long* step, double lr, double lrDecay,
        double weightDecay, double eps);
}
