using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class BatchNorm1d : nn.Module<Tensor, Tensor>
    {
        private readonly double _eps, _momentum;
        private NativeTensor _weight, _bias, _mean, _var;
        private readonly NativeTensor _batches;

        internal BatchNorm1d(long features, double eps, double momentum, bool affine, bool track) : base(nameof(BatchNorm1d))
        {
            (_eps, _momentum) = (eps, momentum);
            _weight = Held(affine, "weight", () => ones(features));
            _bias = Held(affine, "bias", () => zeros(features));
            _mean = Held(track, "running_mean", () => zeros(features));
            _var = Held(track, "running_var", () => ones(features));
            _batches = Held(track, "num_batches_tracked", () => zeros([], ScalarType.Int64));
        }

        internal override bool MovesInPlace => true;

        public Parameter? weight
        {
            get => _weight.Exists ? new(_weight.Share()) : null;
            set
            {
                Hold(ref _weight, "weight", value);
                ConditionallyRegisterParameter("weight", value);
            }
        }

        public Parameter? bias
        {
            get => _bias.Exists ? new(_bias.Share()) : null;
            set
            {
                Hold(ref _bias, "bias", value);
                ConditionallyRegisterParameter("bias", value);
            }
        }

        public Tensor? running_mean
        {
            get => _mean.Exists ? new(_mean.Share()) : null;
            set
            {
                Hold(ref _mean, "running_mean", value);
                ConditionallyRegisterBuffer("running_mean", value);
            }
        }

        public Tensor? running_var
        {
            get => _var.Exists ? new(_var.Share()) : null;
            set
            {
                Hold(ref _var, "running_var", value);
                ConditionallyRegisterBuffer("running_var", value);
            }
        }

        public Tensor? num_batches_tracked => _batches.Exists ? new(_batches.Share()) : null;

        public void reset_running_stats()
        {
            if (!_mean.Exists) return;
            using var unrecorded = no_grad();
            Call.Check(Native.tensor_zero_(_mean.Handle), _mean);
            Call.Check(Native.tensor_fill_(_var.Handle, 1L), _var);
            Call.Check(Native.tensor_zero_(_batches.Handle), _batches);
        }

        public override Tensor forward(Tensor tensor)
        {
            if (tensor.Dimensions is < 2 or > 3) throw new ArgumentException($"Invalid number of dimensions for BatchNorm argument: {tensor.Dimensions}");
            // Without running statistics, the batch's own are used in evaluation, too.
            var ofBatch = training || !_mean.Exists;
            if (training && _batches.Exists) Call.Check(Native.tensor_add_scalar_(_batches.Handle, 1L, 1L), _batches);
            var normalized = Native.batch_norm(tensor.Handle, _mean.Handle, _var.Handle, _weight.Handle, _bias.Handle, ofBatch, _momentum, _eps);
            GC.KeepAlive(this);
            return Call.Result(normalized, tensor);
        }

        private NativeTensor Held(bool wanted, string name, Func<Tensor> create)
        {
            if (!wanted) return new(0);
            using var tensor = create();
            var isParameter = name is "weight" or "bias";
            if (isParameter) tensor.requires_grad = true;
            var held = NativeTensor.Of(tensor);
            if (isParameter) register_parameter(name, new Parameter(held.Share()));
            else register_buffer(name, new Tensor(held.Share()));
            return held;
        }

        private static void Hold(ref NativeTensor held, string name, Tensor? value)
        {
            if (value is null) throw new ArgumentNullException($"{name} cannot be set to 'null'");
            held.Dispose();
            held = NativeTensor.Of(value);
        }

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
            public static BatchNorm1d BatchNorm1d(long features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                Placed(new BatchNorm1d(features, eps, momentum, affine, track_running_stats), device, dtype);
        }
    }
}
