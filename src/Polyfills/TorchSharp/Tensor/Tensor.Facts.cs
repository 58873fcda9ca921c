namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long Dimensions => Fact(Native.tensor_dim(Handle));
        public long ndim => Dimensions;
        public long dim() => Dimensions;
        public long NumberOfElements => Fact(Native.tensor_numel(Handle));
        public long numel() => NumberOfElements;
        public long ElementSize => Fact(Native.tensor_element_size(Handle));
        public ScalarType dtype => (ScalarType)Fact(Native.tensor_type(Handle));
        public DeviceType device_type => (DeviceType)Fact(Native.tensor_device_type(Handle));
        public int device_index => Fact(Native.tensor_device_index(Handle));
        public Device device => device_type == DeviceType.CPU ? CPU : new(device_type, device_index);
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_contiguous() => Fact(Native.tensor_is_contiguous(Handle));
        public bool is_floating_point() => dtype is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;
        public long storage_offset() => Fact(Native.tensor_storage_offset(Handle));

        public long[] shape => size();

        public long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* into = sizes) Native.tensor_sizes(Handle, into);
            return Fact(sizes);
        }

        public long size(int dim)
        {
            long size;
            Call.Check(Native.tensor_size(Handle, dim, &size), this);
            return size;
        }

        public long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* into = strides) Native.tensor_strides(Handle, into);
            return Fact(strides);
        }

        public long stride(int dim)
        {
            long stride;
            Call.Check(Native.tensor_stride(Handle, dim, &stride), this);
            return stride;
        }

        public override string ToString() => $"[{string.Join("x", size())}], type = {dtype}, device = {device}";

        /// What was read of this tensor while it was surely alive.
        private T Fact<T>(T value)
        {
            GC.KeepAlive(this);
            return value;
        }
    }
}
