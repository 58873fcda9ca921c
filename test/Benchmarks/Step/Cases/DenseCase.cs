using Microsoft.ML.GradientStability;
using static TorchSharp.torch;

namespace Step;

/// <summary>Layers and ReLU, nothing else.</summary>
/// <param name="Width">Numbers a row.</param>
/// <param name="Units">Of every hidden layer.</param>
/// <param name="Depth">Hidden layers.</param>
internal sealed record DenseCase(string Name, int Width, int Units, int Depth, int Batch, int Steps) : Case(Name, "dense", Batch, Steps)
{
    public override int Features => Width;

    public override int[] Numbers => [Width, Units, Depth];

    public override Network Network => Network.FeedForward([.. Enumerable.Repeat(Units, Depth)]) with { Normalization = Normalization.None };

    public override double MultiplyAdds => MultiplyAddsOf(Batch, [Width, .. Enumerable.Repeat(Units, Depth), Classes]);

    public static double MultiplyAddsOf(int batch, int[] widths) =>
        widths.Zip(widths.Skip(1), (from, to) => (double)from * to).Select((weights, layer) => (layer == 0 ? 2 : 3) * weights * batch).Sum();

    public override nn.Module<Tensor, Tensor> Plain()
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (var layer = 0; layer < Depth; layer++)
        {
            layers.Add(($"linear{layer}", nn.Linear(layer == 0 ? Width : Units, Units)));
            layers.Add(($"relu{layer}", nn.ReLU()));
        }
        layers.Add(("output", nn.Linear(Units, Classes)));
        return nn.Sequential(layers);
    }
}
