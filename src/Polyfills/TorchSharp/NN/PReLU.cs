using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class PReLU : nn.Module<Tensor, Tensor>
    {
        private readonly NativeTensor _weight;

        internal PReLU(long count, double init) : base(nameof(PReLU))
        {
            using var slopes = full(count, init, get_default_dtype(), requires_grad: true);
            _weight = NativeTensor.Of(slopes);
            register_parameter("weight", weight!);
        }

        internal override bool MovesInPlace => true;

        /// A new wrapper at each access, as in TorchSharp.
        public Parameter? weight
        {
            get => _weight.AsParameter();
            set => ConditionallyRegisterParameter("weight", _weight.Take(value, "weight"));
        }

        public override Tensor forward(Tensor tensor) => Call.Result(Native.prelu(tensor.Handle, _weight.Handle), tensor, _weight);

        internal override void ReleaseNative() => _weight.Dispose();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static PReLU PReLU(long num_parameters, double init = 0.25, Device? device = null, ScalarType? dtype = null) =>
                Placed(new PReLU(num_parameters, init), device, dtype);
        }
    }
}
