using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        private readonly NativeTensor _weight, _bias;

        internal unsafe Linear(long inputs, long outputs, bool hasBias) : base(nameof(Linear))
        {
            nint weight, bias;
            Call.Check(Native.linear_new(inputs, outputs, hasBias, &weight, &bias));
            (_weight, _bias) = (new(weight), new(bias));
            register_parameter("weight", this.weight!);
            if (hasBias) register_parameter("bias", this.bias!);
        }

        internal override bool MovesInPlace => true;

        /// A new wrapper at each access, as in TorchSharp.
        public Parameter? weight
        {
            get => _weight.AsParameter();
            set => ConditionallyRegisterParameter("weight", _weight.Take(value, "weight"));
        }

        public Parameter? bias
        {
            get => _bias.AsParameter();
            set => ConditionallyRegisterParameter("bias", _bias.Take(value, "bias"));
        }

        public override Tensor forward(Tensor tensor) =>
            Call.Result(Native.linear(tensor.Handle, _weight.Handle, _bias.Handle), tensor, _weight, _bias);

        internal override void ReleaseNative()
        {
            _weight.Dispose();
            _bias.Dispose();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null,
                ScalarType? dtype = null) =>
                Placed(new Linear(inputSize, outputSize, hasBias), device, dtype);

            /// A new module where and as the caller wants it.
            internal static T Placed<T>(T module, Device? device, ScalarType? dtype) where T : Module
            {
                if (device is not null) module.to(device);
                return dtype is { } type ? module.to(type) : module;
            }

            public static partial class functional
            {
                public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                    Call.Result(Native.linear(input.Handle, weights.Handle, bias?.Handle ?? 0), input, weights, bias);
            }
        }
    }
}
