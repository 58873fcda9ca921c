using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class LeakyReLU : nn.Module<Tensor, Tensor>
    {
        private readonly double _slope;
        private readonly bool _inplace;

        internal LeakyReLU(double slope, bool inplace) : base(nameof(LeakyReLU)) => (_slope, _inplace) = (slope, inplace);

        public override Tensor forward(Tensor tensor) => nn.functional.leaky_relu(tensor, _slope, _inplace);

        protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;
        protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => this;
        protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => this;
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);
        }
    }
}
