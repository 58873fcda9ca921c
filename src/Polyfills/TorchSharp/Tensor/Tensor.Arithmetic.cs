namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Call.Result(Native.tensor_add(Handle, target.Handle, 1L), this, target);
        public Tensor add(Tensor target, Scalar alpha) => Call.Result(Native.tensor_add(Handle, target.Handle, alpha.Value), this, target);
        public Tensor add(Scalar scalar) => Plus(scalar.Value);
        public Tensor add(Scalar scalar, Scalar alpha) => Call.Result(Native.tensor_add_scalar(Handle, scalar.Value, alpha.Value), this);
        public Tensor sub(Tensor target) => Call.Result(Native.tensor_sub(Handle, target.Handle), this, target);
        public Tensor sub(Scalar target) => Minus(target.Value);
        public Tensor mul(Tensor target) => Call.Result(Native.tensor_mul(Handle, target.Handle), this, target);
        public Tensor mul(Scalar target) => Times(target.Value);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Call.Result(Native.tensor_div(Handle, target.Handle, (int)rounding_mode), this, target);
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Over(target.Value, rounding_mode);
        public Tensor pow(Tensor exponent) => Call.Result(Native.tensor_pow(Handle, exponent.Handle), this, exponent);
        public Tensor pow(Scalar exponent) => Call.Result(Native.tensor_pow_scalar(Handle, exponent.Value), this);

        public Tensor add_(Tensor target) => Did(Native.tensor_add_(Handle, target.Handle, 1L), target);
        public Tensor add_(Tensor target, Scalar alpha) => Did(Native.tensor_add_(Handle, target.Handle, alpha.Value), target);
        public Tensor add_(Scalar scalar) => Did(Native.tensor_add_scalar_(Handle, scalar.Value, 1L));
        public Tensor add_(Scalar scalar, Scalar alpha) => Did(Native.tensor_add_scalar_(Handle, scalar.Value, alpha.Value));
        public Tensor sub_(Tensor target) => Did(Native.tensor_sub_(Handle, target.Handle), target);
        public Tensor sub_(Scalar target) => Did(Native.tensor_sub_scalar_(Handle, target.Value));
        public Tensor mul_(Tensor target) => Did(Native.tensor_mul_(Handle, target.Handle), target);
        public Tensor mul_(Scalar target) => Did(Native.tensor_mul_scalar_(Handle, target.Value));
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Did(Native.tensor_div_(Handle, target.Handle, (int)rounding_mode), target);
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Did(Native.tensor_div_scalar_(Handle, target.Value, (int)rounding_mode));
        public Tensor pow_(Tensor exponent) => Did(Native.tensor_pow_(Handle, exponent.Handle), exponent);
        public Tensor pow_(Scalar exponent) => Did(Native.tensor_pow_scalar_(Handle, exponent.Value));

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Did(Native.tensor_addcmul_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) =>
            Did(Native.tensor_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, 1L), tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Did(Native.tensor_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);
        public Tensor lerp_(Tensor end, Tensor weight) => Did(Native.tensor_lerp_(Handle, end.Handle, weight.Handle), end, weight);

        public Tensor matmul(Tensor target) => Call.Result(Native.tensor_matmul(Handle, target.Handle), this, target);
        public Tensor mm(Tensor target) => Call.Result(Native.tensor_mm(Handle, target.Handle), this, target);
        public Tensor mv(Tensor target) => Call.Result(Native.tensor_mv(Handle, target.Handle), this, target);
        public Tensor outer(Tensor vec2) => Call.Result(Native.tensor_outer(Handle, vec2.Handle), this, vec2);
        public Tensor dot(Tensor target) =>
            Dimensions == 1 && target.Dimensions == 1 && NumberOfElements == target.NumberOfElements
                ? Call.Result(Native.tensor_dot(Handle, target.Handle), this, target)
                : throw new InvalidOperationException("A dot product is that of two vectors of one length.");

        private Tensor Plus(Number number) => Call.Result(Native.tensor_add_scalar(Handle, number, 1L), this);
        private Tensor Minus(Number number) => Call.Result(Native.tensor_sub_scalar(Handle, number), this);
        private Tensor Times(Number number) => Call.Result(Native.tensor_mul_scalar(Handle, number), this);
        private Tensor Over(Number number, RoundingMode mode = RoundingMode.None) =>
            Call.Result(Native.tensor_div_scalar(Handle, number, (int)mode), this);
        private Tensor MinusFrom(Number number) => Call.Result(Native.tensor_rsub_scalar(Handle, number), this);
        private Tensor Under(Number number)
        {
            using var reciprocal = Call.Result(Native.tensor_reciprocal(Handle), this);
            return reciprocal.Times(number);
        }

        /// An operation in place returns its own tensor, not another wrapper.
        private Tensor Did(int status, object? first = null, object? second = null)
        {
            Call.Check(status, this, first, second);
            return this;
        }
    }
}
