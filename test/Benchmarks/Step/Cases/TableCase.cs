using Microsoft.ML.GradientStability;
using static TorchSharp.torch;

namespace Step;

/// <summary>The network of the trainers' defaults: codes of the features, batch normalization, dropout. The usual loop gets rows that are encoded already.</summary>
internal sealed record TableCase(string Name, int Steps) : Case(Name, "table", 256, Steps)
{
    private const int Columns = 8, Bins = 16, Units = 128, Depth = 2;
    private const double Dropout = 0.1;

    public override int Features => Columns;

    public override int Inputs => Columns * (1 + Bins);

    public override int[] Numbers => [Inputs, Units, Depth];

    public override Network Network => Network.FeedForward([.. Enumerable.Repeat(Units, Depth)]) with
    {
        Encoding = InputEncoding.PiecewiseLinear(Bins, 1), Normalization = Normalization.Batch, Dropout = Dropout,
    };

    public override double MultiplyAdds => DenseCase.MultiplyAddsOf(Batch, [Inputs, .. Enumerable.Repeat(Units, Depth), Classes]);

    public override nn.Module<Tensor, Tensor> Plain()
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (var layer = 0; layer < Depth; layer++)
        {
            layers.Add(($"linear{layer}", nn.Linear(layer == 0 ? Inputs : Units, Units, hasBias: false)));
            layers.Add(($"norm{layer}", nn.BatchNorm1d(Units)));
            layers.Add(($"relu{layer}", nn.ReLU()));
            layers.Add(($"dropout{layer}", nn.Dropout(Dropout)));
        }
        layers.Add(("output", nn.Linear(Units, Classes)));
        return nn.Sequential(layers);
    }
}
