using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>Fits beside other work: each gives what it gives alone.</summary>
[TestClass]
[DoNotParallelize]
public sealed class FitsAtOnceTests
{
    public static IEnumerable<object[]> Networks() =>
    [
        [Network.FeedForward(32, 32) with { Dropout = 0.3 }],
        [Network.FeedForward(16, 16) with { Activation = Activation.Selu, Normalization = Normalization.None, AlphaDropout = 0.2 }],
        [Network.FeedForward(16, 16, 16) with { Residual = Residual.Identity with { StochasticDepth = 0.5 }, Dropout = 0.1 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Fits_at_once_are_those_in_turn(FeedForwardNetwork network)
    {
        var seeds = new[] { 1, 1, 2, 3 };
        var inTurn = seeds.Select(seed => Fit(network, seed)).ToArray();
        CollectionAssert.AreEqual(inTurn[0], inTurn[1]);
        CollectionAssert.AreNotEqual(inTurn[0], inTurn[2]);
        var atOnce = new byte[seeds.Length][];
        using var start = new Barrier(seeds.Length + 1);
        using var stop = new CancellationTokenSource();
        var threads = seeds.Select((seed, i) => new Thread(() =>
        {
            start.SignalAndWait();
            atOnce[i] = Fit(network, seed);
        })).ToArray();
        // The rest of the process draws from the generator that it shares, and seeds it.
        var noise = new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                torch.manual_seed(i);
                torch.rand(10).Dispose();
            }
        });
        foreach (var thread in threads.Append(noise))
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        stop.Cancel();
        noise.Join();
        for (var i = 0; i < seeds.Length; i++)
            CollectionAssert.AreEqual(inTurn[i], atOnce[i], $"fit {i}");
    }

    [TestMethod]
    public void Fits_of_several_threads_take_turns_and_stay_the_same()
    {
        var network = Network.FeedForward(1024, 1024) with { Dropout = 0.2 };
        Assert.AreEqual(Math.Min(2, Environment.ProcessorCount), Cores.For(16, network.LargestMatrix(3, 3)), "the work is worth two threads and no more");
        var alone = Fit(network, 1, threads: 2);
        var atOnce = new byte[3][];
        var threads = Enumerable.Range(0, 3).Select(i => new Thread(() => atOnce[i] = Fit(network, 1, threads: i < 2 ? 2 : 1))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        CollectionAssert.AreEqual(alone, atOnce[0]);
        CollectionAssert.AreEqual(alone, atOnce[1]);
        CollectionAssert.AreEqual(Fit(network, 1, threads: 1), atOnce[2]);
    }

    [TestMethod]
    public void A_streamed_fit_is_the_same_whatever_the_timing()
    {
        CollectionAssert.AreEqual(Streamed(_ => { }), Streamed(row =>
        {
            if (row % 300 == 17)
                Thread.Sleep(5);
        }));

        static byte[] Streamed(Action<int> wait)
        {
            var ml = new MLContext(seed: 1);
            var data = ml.Data.LoadFromEnumerable(new Data.Passes(_ => Data.Passes.Numbered().Select((row, i) =>
            {
                wait(i);
                return row;
            })));
            using var model = EveryTask.Fit(ml, EveryTask.Binary, data, o =>
            {
                (o.MemoryBudget, o.Epochs, o.BatchSize, o.ValidationFraction) = (1 << 20, 3, 100, 0.1);
                o.Network = Network.FeedForward(8) with { Dropout = 0.2 };
            });
            return model.Onnx.ToArray();
        }
    }

    [TestMethod]
    public void One_trainer_fits_on_several_threads_at_once()
    {
        var ml = new MLContext(seed: 1);
        var data = EveryTask.Load(ml, EveryTask.Rows());
        var trainer = ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes", o => o.Epochs = 3));
        var models = new byte[4][];
        Parallel.For(0, models.Length, i =>
        {
            using var model = trainer.Fit(data);
            models[i] = model.Onnx.ToArray();
        });
        foreach (var model in models)
            CollectionAssert.AreEqual(models[0], model);
    }

    private static byte[] Fit(FeedForwardNetwork network, int seed, int? threads = null)
    {
        var ml = new MLContext(seed: 1);
        var options = EveryTask.Options<DeepNetworkMulticlassTrainer.Options>(nameof(EveryTask.Row.Class), o => (o.Network, o.Seed, o.Epochs) = (network, seed, 5));
        options.Threads = threads;
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(EveryTask.Load(ml, EveryTask.Rows()));
        return model.Onnx.ToArray();
    }
}
