using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class InstanceNorm1d : nn.Module<Tensor, Tensor>
    {
        private readonly double _eps, _momentum;
        private readonly NativeTensor _weight, _bias, _mean, _var, _batches;

        internal InstanceNorm1d(long features, double eps, double momentum, bool affine, bool track) : base(nameof(InstanceNorm1d))
        {
            (_eps, _momentum) = (eps, momentum);
            (_weight, _bias, _mean, _var, _batches) = Norm.Tensors(features, affine, track);
            if (affine)
            {
                register_parameter("weight", weight!);
                register_parameter("bias", bias!);
            }
            if (track)
            {
                register_buffer("running_mean", running_mean!);
                register_buffer("running_var", running_var!);
                register_buffer("num_batches_tracked", num_batches_tracked!);
            }
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

        public Tensor? running_mean
        {
            get => _mean.AsTensor();
            set => ConditionallyRegisterBuffer("running_mean", _mean.Take(value, "running_mean"));
        }

        public Tensor? running_var
        {
            get => _var.AsTensor();
            set => ConditionallyRegisterBuffer("running_var", _var.Take(value, "running_var"));
        }

        public Tensor? num_batches_tracked => _batches.AsTensor();

        public void reset_running_stats() => Norm.Reset(_mean, _var, _batches);

        public override Tensor forward(Tensor tensor)
        {
            if (tensor.Dimensions is < 2 or > 3)
                throw new ArgumentException($"Two or three dimensions are normalized, not {tensor.Dimensions}.");
            // Two are one instance, without the dimension of the batch.
            if (tensor.Dimensions == 3) return Normalize(tensor);
            using var batch = tensor.unsqueeze(0);
            using var normalized = Normalize(batch);
            return normalized.squeeze(0);
        }

        private Tensor Normalize(Tensor batch) =>
            Call.Result(Native.instance_norm(batch.Handle, _mean.Handle, _var.Handle, _weight.Handle, _bias.Handle,
                training || !_mean.Exists, _momentum, _eps), this, batch);

        internal override void ReleaseNative()
        {
            foreach (var held in new[] { _weight, _bias, _mean, _var, _batches }) held.Dispose();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static InstanceNorm1d InstanceNorm1d(long features, double eps = 1e-05, double momentum = 0.1, bool affine = false,
                bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                Placed(new InstanceNorm1d(features, eps, momentum, affine, track_running_stats), device, dtype);
        }
    }
}
