using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _shape;
        private readonly double _eps;
        [ComponentName(Name = "weight")] private Parameter? _weight;
        [ComponentName(Name = "bias")] private Parameter? _bias;

        internal LayerNorm(long[] shape, double eps, bool affine, bool bias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
        {
            (_shape, _eps) = (shape, eps);
            if (!affine) return;
            weight = new(ones(shape, dtype, device));
            if (bias) this.bias = new(zeros(shape, dtype, device));
        }

        public Parameter? weight
        {
            get => _weight;
            set => Replace(ref _weight, "weight", value);
        }

        public Parameter? bias
        {
            get => _bias;
            set => Replace(ref _bias, "bias", value);
        }

        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, _shape, _weight, _bias, _eps);

        private void Replace(ref Parameter? held, string name, Parameter? value)
        {
            held?.Dispose();
            held = value?.DetachFromDisposeScope() as Parameter;
            ConditionallyRegisterParameter(name, held);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true,
                bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true,
                bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                LayerNorm([normalized_shape], eps, elementwise_affine, bias, device, dtype);
        }
    }
}
