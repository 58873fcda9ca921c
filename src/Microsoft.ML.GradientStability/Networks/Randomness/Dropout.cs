using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Dropout (Srivastava et al. 2014): y = x·m, in training each number of m 0 with the probability given and 1/(1 − probability) otherwise; y = x
/// in evaluation. Keeps the shape (rows × …).
/// </summary>
internal sealed class Dropout(double probability, FitRandom random) : nn.Module<Tensor, Tensor>("dropout"), IWrittenOut
{
    private readonly RandomMask _mask = new(1 - probability, random);

    public override Tensor forward(Tensor input)
    {
        if (!training)
            return input;
        return input * _mask.DrawLike(input, 1 / (1 - probability));
    }

    public Pass WriteOut() => new Masking(1 - probability, 1 / (1 - probability), random);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _mask.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Masking(double keep, double scale, FitRandom random) : Pass
    {
        private Block? _mask;
        private Block? _output;

        public override Block Forward(Block input, bool training)
        {
            if (!training)
                return input;
            (_mask, _output) = ((_mask ?? new Block(input.Width)).Of(input.Rows), (_output ?? new Block(input.Width)).Of(input.Rows));
            random.Next().FillMask(keep, (float)scale, _mask.Values);
            TensorPrimitives.Multiply(input.Values, _mask.Values, _output.Values);
            return _output;
        }

        public override Block Backward(Block gradient, bool toInput = true)
        {
            TensorPrimitives.Multiply(gradient.Values, _mask!.Values, gradient.Values);
            return gradient;
        }
    }
}
