using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Hardsigmoid : nn.Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal Hardsigmoid(bool inplace) : base(nameof(Hardsigmoid)) => _inplace = inplace;

        public override Tensor forward(Tensor tensor) => nn.functional.hardsigmoid(tensor, _inplace);

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
            public static Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace);
        }
    }
}
