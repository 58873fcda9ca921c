namespace TorchSharp;

#pragma warning disable CS0660, CS0661 // Equals and GetHashCode stand in Tensor.cs.

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator -(Tensor tensor) => tensor.neg();

        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => left.Plus(right.Value);
        public static Tensor operator +(Tensor left, long right) => left.Plus(right);
        public static Tensor operator +(Tensor left, double right) => left.Plus(right);
        public static Tensor operator +(Scalar left, Tensor right) => right.Plus(left.Value);
        public static Tensor operator +(long left, Tensor right) => right.Plus(left);
        public static Tensor operator +(double left, Tensor right) => right.Plus(left);

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => left.Minus(right.Value);
        public static Tensor operator -(Tensor left, long right) => left.Minus(right);
        public static Tensor operator -(Tensor left, double right) => left.Minus(right);
        public static Tensor operator -(Scalar left, Tensor right) => right.MinusFrom(left.Value);
        public static Tensor operator -(long left, Tensor right) => right.MinusFrom(left);
        public static Tensor operator -(double left, Tensor right) => right.MinusFrom(left);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => left.Times(right.Value);
        public static Tensor operator *(Tensor left, long right) => left.Times(right);
        public static Tensor operator *(Tensor left, double right) => left.Times(right);
        public static Tensor operator *(Scalar left, Tensor right) => right.Times(left.Value);
        public static Tensor operator *(long left, Tensor right) => right.Times(left);
        public static Tensor operator *(double left, Tensor right) => right.Times(left);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, Scalar right) => left.Over(right.Value);
        public static Tensor operator /(Tensor left, long right) => left.Over(right);
        public static Tensor operator /(Tensor left, double right) => left.Over(right);
        public static Tensor operator /(Scalar left, Tensor right) => right.Under(left.Value);
        public static Tensor operator /(long left, Tensor right) => right.Under(left);
        public static Tensor operator /(double left, Tensor right) => right.Under(left);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);
    }
}
