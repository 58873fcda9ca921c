namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public Tensor abs() => Call.Result(Native.tensor_abs(Handle), this);
        public Tensor erf() => Call.Result(Native.tensor_erf(Handle), this);
        public Tensor erfinv() => Call.Result(Native.tensor_erfinv(Handle), this);
        public Tensor exp() => Call.Result(Native.tensor_exp(Handle), this);
        public Tensor log() => Call.Result(Native.tensor_log(Handle), this);
        public Tensor neg() => Call.Result(Native.tensor_neg(Handle), this);
        public Tensor reciprocal() => Call.Result(Native.tensor_reciprocal(Handle), this);
        public Tensor relu() => Call.Result(Native.tensor_relu(Handle), this);
        public Tensor rsqrt() => Call.Result(Native.tensor_rsqrt(Handle), this);
        public Tensor sigmoid() => Call.Result(Native.tensor_sigmoid(Handle), this);
        public Tensor sign() => Call.Result(Native.tensor_sign(Handle), this);
        public Tensor sqrt() => Call.Result(Native.tensor_sqrt(Handle), this);
        public Tensor square() => Call.Result(Native.tensor_pow_scalar(Handle, 2L), this);
        public Tensor tanh() => Call.Result(Native.tensor_tanh(Handle), this);

        public Tensor erfinv_() => Did(Native.tensor_erfinv_(Handle));
        public Tensor relu_() => Did(Native.tensor_relu_(Handle));
        public Tensor rsqrt_() => Did(Native.tensor_rsqrt_(Handle));
        public Tensor sqrt_() => Did(Native.tensor_sqrt_(Handle));
        public Tensor tanh_() => Did(Native.tensor_tanh_(Handle));
        public Tensor zero_() => Did(Native.tensor_zero_(Handle));
        public Tensor fill_(Scalar value) => Did(Native.tensor_fill_(Handle, value.Value));

        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) =>
            Did(Native.tensor_normal_(Handle, mean, std, generator?.Handle ?? 0), generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Did(Native.tensor_uniform_(Handle, from, to, generator?.Handle ?? 0), generator);

        public Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            Number low = min?.Value ?? default, high = max?.Value ?? default;
            return Call.Result(Native.tensor_clamp(Handle, min is null ? null : &low, max is null ? null : &high), this);
        }

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            Number low = min?.Value ?? default, high = max?.Value ?? default;
            return Did(Native.tensor_clamp_(Handle, min is null ? null : &low, max is null ? null : &high));
        }

        public Tensor maximum(Tensor other) => Call.Result(Native.tensor_maximum(Handle, other.Handle), this, other);
        public Tensor minimum(Tensor other) => Call.Result(Native.tensor_minimum(Handle, other.Handle), this, other);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Call.Result(Native.tensor_softmax(Handle, dim, Code(dtype)), this);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) =>
            Call.Result(Native.tensor_log_softmax(Handle, dim, Code(dtype)), this);

        // A negative code stands for no type.
        private static int Code(ScalarType? type) => type is { } given ? (int)given : -1;
    }
}
