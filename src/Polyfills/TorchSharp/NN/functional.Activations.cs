namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();
            public static Tensor sigmoid(Tensor x) => x.sigmoid();
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                Call.Result(Native.leaky_relu(input.Handle, negative_slope, inplace), input);
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
                Call.Result(Native.elu(x.Handle, alpha, inplace), x);
            public static Tensor selu(Tensor x, bool inplace = false) => Call.Result(Native.selu(x.Handle, inplace), x);
            public static Tensor gelu(Tensor x) => Call.Result(Native.gelu(x.Handle), x);
            public static Tensor silu(Tensor x, bool inplace = false) => Call.Result(Native.silu(x.Handle, inplace), x);
            public static Tensor Mish(Tensor x) => Call.Result(Native.mish(x.Handle), x);
            public static Tensor softplus(Tensor x, double beta = 1.0, double threshold = 20.0) =>
                Call.Result(Native.softplus(x.Handle, beta, threshold), x);
            public static Tensor hardsigmoid(Tensor input, bool inplace = false) =>
                Call.Result(Native.hardsigmoid(input.Handle, inplace), input);
            public static Tensor hardswish(Tensor input, bool inplace = false) =>
                Call.Result(Native.hardswish(input.Handle, inplace), input);
        }
    }
}
