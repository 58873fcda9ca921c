using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Alpha dropout (Klambauer et al. 2017): in training each number is set to α' = −λα, where SELU saturates, with the probability p given, and then
/// y = a·x + b with a = 1/√((1 − p)(1 + p·α'²)), b = −a·p·α', so that mean 0 and variance 1 stay; y = x in evaluation. Written
/// y = m·(x − α') + a·α' + b with m of 0 and a. Keeps the shape (rows × units).
/// </summary>
internal sealed class AlphaDropout(double probability, FitRandom random) : nn.Module<Tensor, Tensor>("dropout"), IWrittenOut
{
    /// <summary>−λα of SELU.</summary>
    private const double Saturation = -1.7580993408473766;

    private static readonly TorchSharp.Scalar s_saturation = (float)Saturation;

    private readonly TorchSharp.Scalar _shift = (float)(Saturation * (1 - probability) / Math.Sqrt((1 - probability) * (1 + probability * Saturation * Saturation)));
    private readonly RandomMask _mask = new(1 - probability, random);
    private readonly double _scale = 1 / Math.Sqrt((1 - probability) * (1 + probability * Saturation * Saturation));

    public override Tensor forward(Tensor input)
    {
        if (!training)
            return input;
        var shape = input.shape;
        return (input.sub(s_saturation) * _mask.Draw(shape[0], shape[1], _scale, input.device)).Plus(_shift);
    }

    public Pass WriteOut() => new Masking(1 - probability, _scale, (float)(Saturation * _scale * (1 - probability)), random);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _mask.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>y = m·(x − α') + shift.</summary>
    private sealed class Masking(double keep, double scale, float shift, FitRandom random) : Pass
    {
        private Block? _mask;
        private Block? _output;

        public override Block Forward(Block input, bool training)
        {
            if (!training)
                return input;
            (_mask, _output) = ((_mask ?? new Block(input.Width)).Of(input.Rows), (_output ?? new Block(input.Width)).Of(input.Rows));
            random.Next().FillMask(keep, (float)scale, _mask.Values);
            TensorPrimitives.Subtract(input.Values, (float)Saturation, _output.Values);
            TensorPrimitives.Multiply(_output.Values, _mask.Values, _output.Values);
            TensorPrimitives.Add(_output.Values, shift, _output.Values);
            return _output;
        }

        public override Block Backward(Block gradient, bool toInput = true)
        {
            TensorPrimitives.Multiply(gradient.Values, _mask!.Values, gradient.Values);
            return gradient;
        }
    }
}
