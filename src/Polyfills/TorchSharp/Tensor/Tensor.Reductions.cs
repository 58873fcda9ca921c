namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Call.Result(Native.tensor_sum(Handle, Code(type)), this);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => sum(dim.AsSpan(), keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* dims = dim) return Call.Result(Native.tensor_sum_dims(Handle, dims, dim.Length, keepdim, Code(type)), this);
        }

        public Tensor mean() => Call.Result(Native.tensor_mean(Handle), this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* dims = dimensions) return Call.Result(Native.tensor_mean_dims(Handle, dims, dimensions.Length, keepdim,
                Code(type)), this);
        }

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim], unbiased, keepdim, type);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            using var input = As(type);
            fixed (long* dims = dimensions) return Call.Result(Native.tensor_var_dims(input.Handle, dims, dimensions.Length, unbiased,
                keepdim), input);
        }

        public Tensor std(bool unbiased = true) => Call.Result(Native.tensor_std(Handle, unbiased), this);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim], unbiased, keepdim, type);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            using var input = As(type);
            fixed (long* dims = dimensions) return Call.Result(Native.tensor_std_dims(input.Handle, dims, dimensions.Length, unbiased,
                keepdim), input);
        }

        public Tensor norm(float p = 2.0f) => Call.Result(Native.tensor_norm(Handle, p), this);
        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) =>
            Call.Result(Native.tensor_norm_dim(Handle, p, dim, keepdim), this);

        public Tensor all() => Call.Result(Native.tensor_all(Handle), this);
        public Tensor all(long dim, bool keepdim = false) => Call.Result(Native.tensor_all_dim(Handle, dim, keepdim), this);
        public Tensor any() => Call.Result(Native.tensor_any(Handle), this);
        public Tensor any(long dim, bool keepdim = false) => Call.Result(Native.tensor_any_dim(Handle, dim, keepdim), this);
        public Tensor argmax() => Call.Result(Native.tensor_argmax(Handle), this);
        public Tensor argmax(long dim, bool keepdim = false) => Call.Result(Native.tensor_argmax_dim(Handle, dim, keepdim), this);

        public Tensor max() => Call.Result(Native.tensor_max(Handle), this);
        public Tensor max(Tensor other) => maximum(other);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false)
        {
            nint indexes;
            var values = Call.Result(Native.tensor_max_dim(Handle, dim, keepdim, &indexes), this);
            return (values, new(indexes));
        }

        public Tensor min() => Call.Result(Native.tensor_min(Handle), this);
        public Tensor min(Tensor other) => minimum(other);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false)
        {
            nint indexes;
            var values = Call.Result(Native.tensor_min_dim(Handle, dim, keepdim, &indexes), this);
            return (values, new(indexes));
        }

        private Tensor As(ScalarType? type) => type is { } other ? to_type(other) : alias();
    }
}
