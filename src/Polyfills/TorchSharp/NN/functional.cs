namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static unsafe partial class functional
        {
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Call.Result(Native.dropout(input.Handle, p, training, inplace), input);

            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                Call.Result(Native.alpha_dropout(input.Handle, p, training, inplace), input);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null,
                double eps = 1e-05)
            {
                fixed (long* shape = normalized_shape)
                    return Call.Result(Native.layer_norm(input.Handle, shape, normalized_shape.Length, weight?.Handle ?? 0,
                        bias?.Handle ?? 0, eps), input, weight, bias);
            }

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null,
                double eps = 1e-05) =>
                Call.Result(Native.group_norm(input.Handle, num_groups, weight?.Handle ?? 0, bias?.Handle ?? 0, eps), input, weight, bias);

            public static Tensor instance_norm(Tensor input, Tensor? running_mean = null, Tensor? running_var = null,
                Tensor? weight = null, Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-05)
            {
                var normalized = Native.instance_norm(input.Handle, running_mean?.Handle ?? 0, running_var?.Handle ?? 0,
                    weight?.Handle ?? 0, bias?.Handle ?? 0, use_input_stats, momentum, eps);
                GC.KeepAlive(running_mean);
                GC.KeepAlive(running_var);
                return Call.Result(normalized, input, weight, bias);
            }

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) =>
                Call.Result(Native.cross_entropy(input.Handle, target.Handle, weight?.Handle ?? 0, ignore_index, (long)reduction,
                    label_smoothing), input, target, weight);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Call.Result(Native.nll_loss(input.Handle, target.Handle, weight?.Handle ?? 0, (long)reduction), input, target, weight);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Call.Result(Native.mse_loss(input.Handle, target.Handle, (long)reduction), input, target);
        }
    }
}
