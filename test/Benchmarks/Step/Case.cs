using Microsoft.ML.GradientStability;
using static TorchSharp.torch;

namespace Step;

/// <summary>A network, and how it is trained.</summary>
/// <param name="Name">As the page shows it.</param>
/// <param name="Kind">As <c>step.py</c> calls it.</param>
/// <param name="Batch">Rows a batch.</param>
/// <param name="Steps">Steps of a turn.</param>
internal abstract record Case(string Name, string Kind, int Batch, int Steps)
{
    public const int Classes = 10;

    public static Case[] All { get; } =
    [
        new DenseCase("3 × 256, batch 64", 64, 256, 3, 64, 300),
        new DenseCase("20 × 64, batch 64", 64, 64, 20, 64, 200),
        new DenseCase("3 × 1024, batch 256", 64, 1024, 3, 256, 12),
        new TableCase("default network on a table, batch 256", 200),
        new LstmCase("LSTM of 64 units, 50 steps of 16 numbers, batch 64", 50, 64, 12),
        new LstmCase("LSTM of 512 units, 20 steps of 16 numbers, batch 64", 20, 512, 6),
        new ResidualCase("residual network, 7 convolutions of 16 channels on 8 × 8, batch 64", 8, 16, 30),
        new ResidualCase("the same of 32 channels on 16 × 16", 16, 32, 6),
    ];

    /// <summary>Rows of the data: an epoch is a turn's steps, or a tenth of them.</summary>
    public int Rows => Batch * Math.Max(6, Steps / 10);

    /// <summary>Numbers of a row that the trainer gets.</summary>
    public abstract int Features { get; }

    /// <summary>Numbers of a row that the usual loop gets: those of the trainer, or what the trainer's encoding makes of them.</summary>
    public virtual int Inputs => Features;

    /// <summary>What <c>step.py</c> makes the same network of, beside its kind.</summary>
    public virtual int[] Numbers => [Inputs];

    public abstract Network Network { get; }

    /// <summary>Multiply-adds of a step in products of matrices and convolutions, forward and backward; the first layer needs no gradient of its input.</summary>
    public abstract double MultiplyAdds { get; }

    /// <summary>The network as one writes it with TorchSharp, rows × <see cref="Inputs"/> to rows × <see cref="Classes"/>.</summary>
    public abstract nn.Module<Tensor, Tensor> Plain();
}
