namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Fact(Native.tensor_requires_grad(Handle));
            set => Call.Check(Native.tensor_set_requires_grad(Handle, value), this);
        }

        public bool is_leaf => Fact(Native.tensor_is_leaf(Handle));

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public Tensor? grad
        {
            get
            {
                var gradient = Fact(Native.tensor_grad(Handle));
                return gradient == 0 ? null : new(gradient);
            }
            set => Call.Check(Native.tensor_set_grad(Handle, value?.Handle ?? 0), this, value);
        }

        public void retain_grad() => Call.Check(Native.tensor_retain_grad(Handle), this);

        public void backward() => Call.Check(Native.tensor_backward(Handle), this);

        public Tensor detach() => Call.Result(Native.tensor_detach(Handle), this);

        /// Makes this tensor another view of the source's memory; its place in the graph and its gradient stay.
        public Tensor set_(Tensor source)
        {
            Call.Check(Native.tensor_set_(Handle, source.Handle), this, source);
            return this;
        }
    }
}
