using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                Move(new Device(deviceType, deviceType == DeviceType.CUDA ? deviceIndex : -1), null, non_blocking);

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking) => Move(null, Floating(dtype), non_blocking);

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking) =>
                Move(device, Floating(dtype), non_blocking);

            private static ScalarType Floating(ScalarType type) =>
                type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16
                    ? type
                    : throw new ArgumentException($"A module holds floating-point numbers, not {type}.");

            private Module Move(Device? device, ScalarType? type, bool nonBlocking)
            {
                if (device is not null) InitializeDevice(device);
                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(type!.Value, nonBlocking);
                    else if (type is null) child._to(device.type, device.index, nonBlocking);
                    else child._to(device, type.Value, nonBlocking);
                }
                using var unrecorded = no_grad();
                foreach (var (name, parameter) in named_parameters(false).ToList()) MoveParameter(name, parameter, device, type,
                    nonBlocking);
                foreach (var (name, buffer) in named_buffers(false).ToList()) MoveBuffer(name, buffer, device, type, nonBlocking);
                return this;
            }

            /// A layer of LibTorch's own keeps its tensors and moves what they hold.
            internal virtual bool MovesInPlace => false;

            private void MoveParameter(string name, Parameter parameter, Device? device, ScalarType? type, bool nonBlocking)
            {
                var wanted = parameter.is_floating_point() ? type : null;
                if (!parameter.WouldCopy(wanted, device)) return;
                using var gradient = parameter.grad;
                using var movedGradient = gradient?.to(wanted ?? gradient.dtype, device ?? gradient.device, non_blocking: nonBlocking);
                var moved = parameter.to(wanted ?? parameter.dtype, device ?? parameter.device, non_blocking: nonBlocking);
                if (MovesInPlace)
                {
                    parameter.grad = null;
                    using (moved) parameter.TakeData(moved);
                    parameter.grad = movedGradient;
                    return;
                }
                var replacement = new Parameter(moved, parameter.requires_grad);
                replacement.DetachFromDisposeScope();
                replacement.grad = movedGradient;
                parameter.Dispose();
                ConditionallyRegisterParameter(name, replacement);
                Assign(name, replacement);
            }

            private void MoveBuffer(string name, Tensor buffer, Device? device, ScalarType? type, bool nonBlocking)
            {
                // LibTorch gives all buffers of its own layers the new type, even a count.
                var wanted = MovesInPlace || buffer.is_floating_point() ? type : null;
                if (!buffer.WouldCopy(wanted, device)) return;
                var moved = buffer.to(wanted ?? buffer.dtype, device ?? buffer.device, non_blocking: nonBlocking);
                if (MovesInPlace)
                {
                    using (moved) buffer.TakeData(moved);
                    return;
                }
                buffer.Dispose();
                ConditionallyRegisterBuffer(name, moved.DetachFromDisposeScope());
                Assign(name, moved);
            }

            private void Assign(string name, Tensor tensor) =>
                Fields().FirstOrDefault(field => NameOf(field) == name && field.FieldType.IsInstanceOfType(tensor))?.SetValue(this, tensor);
        }
    }
}
