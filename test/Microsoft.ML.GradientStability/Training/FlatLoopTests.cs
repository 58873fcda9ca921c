using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>The loop over flat parameters against the loop everybody writes, parameter by parameter.</summary>
[TestClass]
public sealed class FlatLoopTests
{
    private const int BatchSize = 32;

    public static IEnumerable<object[]> Cases() =>
        from network in (Network[])
        [
            Network.FeedForward(32, 32),
            Network.FeedForward(24, 16, 8) with { Normalization = Normalization.None, Activation = Activation.Tanh },
            Network.FeedForward(16, 16, 24) with { Normalization = Normalization.Batch, Residual = Residual.Identity, Dropout = 0.2 },
        ]
        from optimizer in (Optimizer[])[Optimizer.Sgd(0.1), Optimizer.Sgd(0.05, momentum: 0.9), Optimizer.Adam(0.003)]
        select new object[] { network, optimizer };

    /// <summary>But for rounding: sums are taken in another order.</summary>
    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Unclipped_losses_and_weights_agree(Network network, Optimizer optimizer)
    {
        var (flat, flatWeights) = Flat(network, optimizer, GradientClipper.None);
        var (plain, plainWeights) = Plain(network, optimizer, maxNorm: null);
        for (var step = 0; step < plain.Count; step++)
            Assert.AreEqual(plain[step], flat[step], 1e-5 * Math.Abs(plain[step]), $"step {step + 1}");
        EveryTask.AreClose(plainWeights, flatWeights, 1e-5);
    }

    /// <summary>The norm is summed in another order than clip_grad_norm_ sums it; the last digit may differ and grow with the steps.</summary>
    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Clipped_losses_agree_with_clip_grad_norm(Network network, Optimizer optimizer)
    {
        var (flat, _) = Flat(network, optimizer, GradientClipper.Norm(0.1));
        var (plain, _) = Plain(network, optimizer, maxNorm: 0.1);
        for (var step = 0; step < plain.Count; step++)
            Assert.AreEqual(plain[step], flat[step], 1e-4 * Math.Abs(plain[step]), $"step {step + 1}");
    }

    private static Samples.Rows Rows => Samples.RandomRows(rows: 320, width: 10, classes: 3);

    private static (List<double> Losses, float[] Weights) Flat(Network network, Optimizer optimizer, GradientClipper clipper)
    {
        var losses = new Fits.StepLosses();
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Schedule = LearningRateSchedule.Constant,
            Network = network,
            Optimizer = optimizer,
            Clipping = clipper,
            BatchSize = BatchSize,
            Epochs = 1,
            Progress = losses,
            ProgressSteps = 1,
        };
        using var module = network.CreateModule(10, 3, Initializer.HeNormal);
        using var parameters = new FlatParameters(module);
        Fits.Run(options, module, parameters, Rows, new FitRandom(9));
        return (losses.Losses, parameters.ToArray());
    }

    private static (List<double> Losses, float[] Weights) Plain(Network network, Optimizer optimizer, double? maxNorm)
    {
        using var module = network.CreateModule(10, 3, Initializer.HeNormal);
        using var step = optimizer switch
        {
            SgdOptimizer sgd => (optim.Optimizer)optim.SGD(module.parameters(), sgd.LearningRate, sgd.Momentum),
            AdamOptimizer adam => optim.Adam(module.parameters(), adam.LearningRate),
            _ => throw new ArgumentException(optimizer.ToString()),
        };
        var rows = Rows;
        var order = rows.Numbers;
        new FitRandom(9).Order(1).Shuffle(order);
        using var features = tensor(rows.Features, [rows.Count, rows.Width]);
        using var labels = tensor(rows.Labels);

        var losses = new List<double>();
        module.train();
        for (var start = 0; start < order.Length; start += BatchSize)
        {
            using var scope = NewDisposeScope();
            var index = tensor(order[start..(start + BatchSize)]);
            step.zero_grad();
            var loss = nn.functional.cross_entropy(module.forward(features.index_select(0, index)), labels.index_select(0, index));
            loss.backward();
            if (maxNorm is { } limit)
                nn.utils.clip_grad_norm_(module.parameters(), limit);
            step.step();
            losses.Add(loss.item<float>());
        }
        return (losses, [.. module.parameters().SelectMany(p => MemoryMarshal.Cast<byte, float>(p.bytes).ToArray())]);
    }
}
