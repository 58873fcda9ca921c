namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(Native.tensor_to(Handle, new(type, device), copy, non_blocking), disposeAfter);
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(Native.tensor_to(Handle, new(null, device), copy, non_blocking), disposeAfter);
        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false,
            bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);
        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);
        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking);
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(Native.tensor_to_type(Handle, (int)type, copy, non_blocking), disposeAfter);
        public Tensor type(ScalarType dtype) => to_type(dtype);
        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);
        public Tensor @float() => to_type(ScalarType.Float32);
        public Tensor @double() => to_type(ScalarType.Float64);
        public Tensor @long() => to_type(ScalarType.Int64);
        public Tensor cpu() => to(CPU);

        public Tensor cuda(Device? device = null, bool non_blocking = false)
        {
            if (device is not null && device.type != DeviceType.CUDA)
                throw new ArgumentException($"{device} is no CUDA device.", nameof(device));
            return to(device ?? CUDA, non_blocking: non_blocking);
        }

        public Tensor alias() => Call.Result(Native.tensor_share(Handle), this);
        public Tensor clone() => Call.Result(Native.tensor_clone(Handle), this);
        public Tensor contiguous() => Call.Result(Native.tensor_contiguous(Handle), this);

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            Call.Check(Native.tensor_copy_(Handle, source.Handle, nonBlocking), this, source);
            return this;
        }

        /// Takes over the source's memory, type and device in place, as moving a native module does.
        internal void TakeData(Tensor source) => Call.Check(Native.tensor_set_data(Handle, source.Handle), this, source);

        internal bool WouldCopy(ScalarType? type, Device? device) =>
            type is { } other && other != dtype ||
            device is not null && (device.type != device_type || device.index >= 0 && device.index != device_index);

        private Tensor Moved(nint handle, bool disposeAfter)
        {
            var moved = Call.Result(handle, this);
            if (disposeAfter) Dispose();
            return moved;
        }
    }
}
