using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class GroupNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long _groups;
        private readonly double _eps;
        private readonly NativeTensor _weight, _bias;

        internal GroupNorm(long groups, long channels, double eps, bool affine) : base(nameof(GroupNorm))
        {
            (_groups, _eps) = (groups, eps);
            (_weight, _bias, _, _, _) = Norm.Tensors(channels, affine, track: false);
            if (!affine) return;
            register_parameter("weight", weight!);
            register_parameter("bias", bias!);
        }

        internal override bool MovesInPlace => true;

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

        public override Tensor forward(Tensor tensor)
        {
            // The module asks for a dimension beside batch and channels; nn.functional.group_norm does not.
            if (tensor.Dimensions < 3) throw new ArgumentException($"Three or more dimensions are normalized, not {tensor.Dimensions}.");
            return Call.Result(Native.group_norm(tensor.Handle, _groups, _weight.Handle, _bias.Handle, _eps), this, tensor);
        }

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
            public static GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-05, bool affine = true,
                Device? device = null, ScalarType? dtype = null) =>
                Placed(new GroupNorm(num_groups, num_channels, eps, affine), device, dtype);
        }
    }
}
