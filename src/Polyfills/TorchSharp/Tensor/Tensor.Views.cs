namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public Tensor view(params long[] shape)
        {
            fixed (long* sizes = shape) return Call.Result(Native.tensor_view(Handle, sizes, shape.Length), this);
        }

        public Tensor reshape(params long[] shape)
        {
            fixed (long* sizes = shape) return Call.Result(Native.tensor_reshape(Handle, sizes, shape.Length), this);
        }

        public Tensor expand(params long[] sizes) => expand(sizes.AsSpan());

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
        {
            fixed (long* all = sizes) return Call.Result(Native.tensor_expand(Handle, all, sizes.Length, isImplicit), this);
        }

        public Tensor narrow(long dim, long start, long length) => Call.Result(Native.tensor_narrow(Handle, dim, start, length), this);
        public Tensor select(long dim, long index) => Call.Result(Native.tensor_select(Handle, dim, index), this);
        public Tensor slice(long dim, long start, long finish, long step) =>
            Call.Result(Native.tensor_slice(Handle, dim, start, finish, step), this);
        public Tensor index_select(long dim, Tensor index) => Call.Result(Native.tensor_index_select(Handle, dim, index.Handle), this,
            index);
        public Tensor unsqueeze(long dim) => Call.Result(Native.tensor_unsqueeze(Handle, dim), this);
        public Tensor squeeze(long? dim = null) =>
            Call.Result(dim is { } one ? Native.tensor_squeeze_dim(Handle, one) : Native.tensor_squeeze(Handle), this);
        public Tensor transpose(long dim0, long dim1) => Call.Result(Native.tensor_transpose(Handle, dim0, dim1), this);
        public Tensor t() => Call.Result(Native.tensor_t(Handle), this);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) =>
            Call.Result(Native.tensor_flatten(Handle, start_dim, end_dim), this);

        public Tensor rename_(IEnumerable<string?>? names)
        {
            var texts = names?.Select(System.Runtime.InteropServices.Marshal.StringToCoTaskMemUTF8).ToArray() ?? [];
            fixed (nint* all = texts) Call.Check(Native.tensor_name_dims(Handle, (byte**)all, texts.Length), this);
            foreach (var text in texts) System.Runtime.InteropServices.Marshal.FreeCoTaskMem(text);
            return this;
        }
    }
}
