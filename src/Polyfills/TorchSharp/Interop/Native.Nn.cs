using System.Runtime.InteropServices;

namespace TorchSharp;

// The functions of native/nn.cpp.
internal static unsafe partial class Native
{
    [DllImport(Library)] internal static extern int linear_new(long inputs, long outputs, bool hasBias, nint* weight, nint* bias);
    [DllImport(Library)] internal static extern nint linear(nint input, nint weight, nint bias);
    [DllImport(Library)] internal static extern nint layer_norm(nint input, long* shape, int count, nint weight, nint bias, double eps);
    [DllImport(Library)] internal static extern int norm_new(long features, bool affine, bool track, nint* parts);
    [DllImport(Library)] internal static extern nint batch_norm(nint input, nint mean, nint var, nint weight, nint bias, bool training,
        double momentum, double eps);
    [DllImport(Library)] internal static extern nint group_norm(nint input, long groups, nint weight, nint bias, double eps);
    [DllImport(Library)] internal static extern nint instance_norm(nint input, nint mean, nint var, nint weight, nint bias, bool ofInput,
        double momentum, double eps);
    [DllImport(Library)] internal static extern nint dropout(nint input, double p, bool training, bool inplace);
    [DllImport(Library)] internal static extern nint alpha_dropout(nint input, double p, bool training, bool inplace);
    [DllImport(Library)] internal static extern nint cross_entropy(nint input, nint target, nint weight, long ignoreIndex,
        long reduction, double labelSmoothing);
    [DllImport(Library)] internal static extern nint nll_loss(nint input, nint target, nint weight, long reduction);
    [DllImport(Library)] internal static extern nint mse_loss(nint input, nint target, long reduction);
    [DllImport(Library)] internal static extern double init_gain(long type, double parameter);
    [DllImport(Library)] internal static extern int init_uniform_(nint t, double low, double high);
    [DllImport(Library)] internal static extern int init_normal_(nint t, double mean, double std);
    [DllImport(Library)] internal static extern int init_constant_(nint t, Number value);
    [DllImport(Library)] internal static extern int init_xavier_uniform_(nint t, double gain);
    [DllImport(Library)] internal static extern int init_kaiming_uniform_(nint t, double a, long mode, long type);
    [DllImport(Library)] internal static extern int init_kaiming_normal_(nint t, double a, long mode, long type);
    [DllImport(Library)] internal static extern int init_orthogonal_(nint t, double gain);
    [DllImport(Library)] internal static extern int init_eye_(nint t);
    [DllImport(Library)] internal static extern int clip_grad_norm_(nint* parameters, int count, double maxNorm, double normType,
        double* norm);
    [DllImport(Library)] internal static extern int clip_grad_value_(nint* parameters, int count, double value);
}
