using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Dropout (Srivastava et al. 2014): y = x·m, in training each number of m 0 with the probability given and 1/(1 − probability) otherwise; y = x
/// in evaluation. Keeps the shape (rows × units).
/// </summary>
internal sealed class Dropout(double probability, FitRandom random) : nn.Module<Tensor, Tensor>("dropout")
{
    private readonly RandomMask _mask = new(1 - probability, random);

    public override Tensor forward(Tensor input)
    {
        if (!training)
            return input;
        var shape = input.shape;
        return input * _mask.Draw(shape[0], shape[1], 1 / (1 - probability));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _mask.Dispose();
        base.Dispose(disposing);
    }
}
