using Microsoft.ML.GradientStability;

namespace Step;

/// <summary>A network, and how it is trained.</summary>
/// <param name="Name">As the page shows it.</param>
/// <param name="Inputs">Numbers a row that the first layer gets.</param>
/// <param name="Units">Units of every hidden layer.</param>
/// <param name="Depth">Hidden layers.</param>
/// <param name="Batch">Rows a batch.</param>
/// <param name="IsDefault">Whether it is the network of the trainers' defaults: codes of the features, batch normalization, dropout.</param>
/// <param name="Steps">Steps of a turn.</param>
internal sealed record Case(string Name, int Inputs, int Units, int Depth, int Batch, bool IsDefault, int Steps)
{
    public const int Classes = 10;

    /// <summary>Features a row where they are encoded, and the bins that each is cut into.</summary>
    public const int Features = 8, Bins = 16;

    public const double Dropout = 0.1;

    public static Case[] All { get; } =
    [
        new("3 × 256, batch 64", 64, 256, 3, 64, false, 300),
        new("20 × 64, batch 64", 64, 64, 20, 64, false, 200),
        new("3 × 1024, batch 256", 64, 1024, 3, 256, false, 12),
        new("default network on a table, batch 256", Features * (1 + Bins), 128, 2, 256, true, 200),
    ];

    /// <summary>Rows of the data: an epoch is a turn's steps, or a tenth of them.</summary>
    public int Rows => Batch * Math.Max(6, Steps / 10);

    public FeedForwardNetwork Network
    {
        get
        {
            var network = Microsoft.ML.GradientStability.Network.FeedForward([.. Enumerable.Repeat(Units, Depth)]);
            return IsDefault
                ? network with { Encoding = InputEncoding.PiecewiseLinear(Bins, 1), Normalization = Normalization.Batch, Dropout = Dropout }
                : network with { Normalization = Normalization.None };
        }
    }

    /// <summary>Multiply-adds of a step, forward and backward; the first layer needs no gradient of its input.</summary>
    public double MultiplyAdds
    {
        get
        {
            int[] widths = [Inputs, .. Enumerable.Repeat(Units, Depth), Classes];
            return widths.Zip(widths.Skip(1), (from, to) => (double)from * to).Select((weights, layer) => (layer == 0 ? 2 : 3) * weights * Batch).Sum();
        }
    }
}
