using Microsoft.ML.GradientStability;
using static TorchSharp.torch;

namespace Step;

/// <summary>A small residual network (He et al. 2015): a stem and three blocks of two convolutions with batch normalization, and an output layer over the means of the channels.</summary>
/// <param name="Side">Rows and columns of an image.</param>
/// <param name="Channels">Of every convolution.</param>
internal sealed record ResidualCase(string Name, int Side, int Channels, int Steps) : Case(Name, "residual", 64, Steps)
{
    private const int Blocks = 3;

    public override int Features => Side * Side;

    public override int[] Numbers => [Side, Channels, Blocks];

    public override Network Network => Network.Convolutional(Channels) with
    {
        Input = InputShape.Image(1, Side, Side), Layers = 2 * Blocks, Residual = Residual.Identity with { BranchLayers = 2, PostNorm = true },
    };

    public override double MultiplyAdds => 9.0 * Batch * Side * Side * Channels * (2 + 3 * 2 * Blocks * Channels) + 3 * Batch * Channels * Classes;

    public override nn.Module<Tensor, Tensor> Plain() => nn.Sequential(
    [
        ("shape", nn.Unflatten(1, [1, Side, Side])),
        ("stem", nn.Conv2d(1, Channels, 3, padding: 1, bias: false)), ("norm", nn.BatchNorm2d(Channels)), ("relu", nn.ReLU()),
        .. Enumerable.Range(1, Blocks).Select(block => ($"block{block}", (nn.Module<Tensor, Tensor>)new Block(Channels))),
        ("pool", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten()), ("output", nn.Linear(Channels, Classes)),
    ]);

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _first, _firstNorm, _second, _secondNorm;

        public Block(int channels) : base("block")
        {
            (_first, _second) = (nn.Conv2d(channels, channels, 3, padding: 1, bias: false), nn.Conv2d(channels, channels, 3, padding: 1, bias: false));
            (_firstNorm, _secondNorm) = (nn.BatchNorm2d(channels), nn.BatchNorm2d(channels));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var x = nn.functional.relu(_firstNorm.call(_first.call(input)));
            return nn.functional.relu(_secondNorm.call(_second.call(x)) + input);
        }
    }
}
