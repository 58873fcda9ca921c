namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Call.Result(Native.tensor_eq(Handle, target.Handle), this, target);
        public Tensor eq(Scalar target) => Call.Result(Native.tensor_eq_scalar(Handle, target.Value), this);
        public Tensor ne(Tensor target) => Call.Result(Native.tensor_ne(Handle, target.Handle), this, target);
        public Tensor ne(Scalar target) => Call.Result(Native.tensor_ne_scalar(Handle, target.Value), this);
        public Tensor lt(Tensor target) => Call.Result(Native.tensor_lt(Handle, target.Handle), this, target);
        public Tensor lt(Scalar target) => Call.Result(Native.tensor_lt_scalar(Handle, target.Value), this);
        public Tensor le(Tensor target) => Call.Result(Native.tensor_le(Handle, target.Handle), this, target);
        public Tensor le(Scalar target) => Call.Result(Native.tensor_le_scalar(Handle, target.Value), this);
        public Tensor gt(Tensor target) => Call.Result(Native.tensor_gt(Handle, target.Handle), this, target);
        public Tensor gt(Scalar target) => Call.Result(Native.tensor_gt_scalar(Handle, target.Value), this);
        public Tensor ge(Tensor target) => Call.Result(Native.tensor_ge(Handle, target.Handle), this, target);
        public Tensor ge(Scalar target) => Call.Result(Native.tensor_ge_scalar(Handle, target.Value), this);

        public Tensor isfinite() => Call.Result(Native.tensor_isfinite(Handle), this);
        public Tensor isnan() => Call.Result(Native.tensor_isnan(Handle), this);
        public Tensor isinf() => Call.Result(Native.tensor_isinf(Handle), this);

        public Tensor where(Tensor condition, Tensor y) => Call.Result(Native.tensor_where(Handle, condition.Handle, y.Handle), this,
            condition, y);

        public bool Equals(Tensor target) => target is not null && True(Native.tensor_equal(Handle, target.Handle), target);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            True(Native.tensor_allclose(Handle, target.Handle, rtol, atol, equal_nan), target);

        private bool True(int answer, Tensor target)
        {
            GC.KeepAlive(this);
            GC.KeepAlive(target);
            return answer >= 0 ? answer == 1 : throw Call.Error();
        }
    }
}
