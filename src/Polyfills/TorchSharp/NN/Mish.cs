using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Mish : nn.Module<Tensor, Tensor>
    {
        internal Mish() : base(nameof(Mish)) { }

        public override Tensor forward(Tensor tensor) => nn.functional.Mish(tensor);

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
            public static Mish Mish() => new();
        }
    }
}
