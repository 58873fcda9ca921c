using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Hardtanh : nn.Module<Tensor, Tensor>
    {
        private readonly double _min, _max;
        private readonly bool _inplace;

        internal Hardtanh(double min, double max, bool inplace) : base(nameof(Hardtanh))
        {
            if (max <= min) throw new ExternalException($"max_val, {max}, has to be greater than min_val, {min}.");
            (_min, _max, _inplace) = (min, max, inplace);
        }

        public override Tensor forward(Tensor tensor) => Call.Result(Native.hardtanh(tensor.Handle, _min, _max, _inplace), tensor);

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
            public static Hardtanh Hardtanh(double min_val = -1.0, double max_val = 1.0, bool inplace = false) =>
                new(min_val, max_val, inplace);
        }
    }
}
