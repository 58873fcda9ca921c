using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>Learned vectors of keys, beside numbers or alone: two columns, of one key out of 4 and of two keys out of 3.</summary>
[TestClass]
public sealed class KeyEmbeddingTests
{
    private const int Classes = 3, Numbers = 3, Slots = 3;

    private static readonly SupervisedObjective s_objective = new MulticlassObjective(new UnnamedClassLabels(Classes), 0, null);

    private static readonly FeedForwardNetwork s_network = Network.FeedForward(9, 7) with
    {
        Activation = Activation.Tanh, KeyColumns = [new("Sort", 1, 4), new("Pair", 2, 3)], EmbeddingWidth = 2,
    };

    public static IEnumerable<object[]> Networks() =>
        from numbers in new[] { Numbers, 0 }
        from network in new[] { s_network, s_network with { EmbeddingWidth = null, Normalization = Normalization.Batch }, s_network with { Ensemble = 3 } }
        select new object[] { network, numbers };

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Gradient_of_every_layer_agrees_with_finite_differences(object network, int numbers)
    {
        const int rows = 24;
        const double step = 1e-3;
        using var module = Module((FeedForwardNetwork)network, numbers);
        using var parameters = new FlatParameters(module);
        using var features = Rows(numbers, rows);
        using var labels = Labels(rows);
        module.train();
        Loss(backward: true);
        var gradient = parameters.Layers.Select(layer => parameters.GradientsOf(layer).ToArray()).ToArray();
        var weights = parameters.ToArray();
        for (var l = 0; l < gradient.Length; l++)
        {
            var norm = L2Norm.Of(gradient[l]);
            Assert.IsGreaterThan(1e-4, norm, parameters.Layers[l].Title);
            Assert.AreEqual(norm, (LossAt(l, step) - LossAt(l, -step)) / (2 * step), 0.02 * norm + 2e-4, parameters.Layers[l].Title);

            double LossAt(int layer, double distance)
            {
                var moved = (float[])weights.Clone();
                for (var i = 0; i < gradient[layer].Length; i++)
                    moved[parameters.Layers[layer].Offset + i] += (float)(distance * gradient[layer][i] / norm);
                parameters.CopyFrom(moved);
                var loss = Loss(backward: false);
                parameters.CopyFrom(weights);
                return loss;
            }
        }

        double Loss(bool backward)
        {
            using var scope = NewDisposeScope();
            var loss = s_objective.Loss(module, new Batch(features, labels, null));
            if (backward)
                loss.backward();
            return loss.item<float>();
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Flat_parameters_train_as_the_plain_loop(object network, int numbers)
    {
        CollectionAssert.AreEqual(Train(isFlat: false), Train(isFlat: true));

        float[] Train(bool isFlat)
        {
            const int rows = 32;
            using var module = Module((FeedForwardNetwork)network, numbers);
            using var parameters = isFlat ? new FlatParameters(module) : null;
            using var features = Rows(numbers, rows);
            using var labels = Labels(rows);
            using var step = optim.SGD(parameters is null ? module.parameters() : [parameters.Values], 0.1, momentum: 0.9);
            module.train();
            for (var i = 0; i < 10; i++)
            {
                using var scope = NewDisposeScope();
                if (parameters is null)
                    step.zero_grad();
                else
                    parameters.ClearGradients();
                s_objective.Loss(module, new Batch(features, labels, null)).backward();
                step.step();
            }
            return [.. module.parameters().SelectMany(p => MemoryMarshal.Cast<byte, float>(p.contiguous().bytes).ToArray())];
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Scores_in_ONNX_Runtime_as_in_LibTorch_whatever_the_batch(object network, int numbers)
    {
        const int rows = 100;
        using var module = Module((FeedForwardNetwork)network, numbers);
        if (numbers > 0)
            module.ScaleInput([0.2f, 0.1f, 0.3f], [2, 1, 0.5f], [0, 0.1f, 0]);
        module.eval();
        var width = numbers + Slots;
        var graph = new OnnxGraph();
        s_objective.WriteOnnx(graph, module, graph.Input("Features", width));
        using var scorer = new OnnxScorer(graph.ToBytes([]), threads: 1);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var features = Rows(numbers, rows);
        var values = features.data<float>().ToArray();
        var expected = s_objective.Scores(module, features).Single().Values.data<float>().ToArray();
        foreach (var size in new[] { 1, 7, rows })
        {
            using var batch = new OnnxScorer.Batch(scorer, size);
            for (var first = 0; first + size <= rows; first += size)
            {
                for (var row = 0; row < size; row++)
                    values.AsSpan((first + row) * width, width).CopyTo(batch.Features(row));
                batch.Run();
                for (var row = 0; row < size; row++)
                    for (var c = 0; c < Classes; c++)
                        Assert.AreEqual(expected[(first + row) * Classes + c], batch.Values("Score", row)[c], 1e-4, $"row {first + row}, {size} at once");
            }
        }
    }

    [TestMethod]
    public void A_layer_says_its_column_and_a_missing_key_begins_at_zero()
    {
        using var module = Module(s_network with { EmbeddingWidth = null, KeyColumns = [new("Occupation", 1, 12)] }, Numbers);
        Assert.AreEqual("embedding of Occupation (12 × 6)", module.Layers[0].Title);
        Assert.AreEqual("hidden layer 1 of 2 (9→9)", module.Layers[1].Title);
        Assert.AreEqual(1, module.Doors);
        using var vectors = module.Layers[0].forward(tensor(new float[] { 0, 1, 12, 13, -1, float.NaN }, [6, 1]));
        var rows = vectors.data<float>().ToArray().Chunk(6).ToArray();
        foreach (var missing in new[] { 0, 3, 4, 5 })
            Assert.IsTrue(rows[missing].All(number => number == 0), "no key of the column");
        foreach (var key in new[] { 1, 2 })
            Assert.AreEqual(1, rows[key].Sum(number => number * number), 0.9, "a vector is about 1 long");
    }

    [TestMethod]
    [DataRow(2, 2)]
    [DataRow(3, 3)]
    [DataRow(12, 6)]
    [DataRow(100, 21)]
    [DataRow(100_000, 50)]
    public void Width_follows_from_the_keys(int keys, int width) => Assert.AreEqual(width, new KeyColumn("", 1, keys).Width(null));

    private static NetworkModule Module(FeedForwardNetwork network, int numbers) =>
        s_objective.CreateModule(network, numbers + Slots - (network.KeyColumns.Length == 1 ? 2 : 0), new Origin(Initializer.XavierUniform, new FitRandom(5), Cancellation.None));

    private static Tensor Labels(int rows) => tensor([.. Enumerable.Range(0, rows).Select(row => (long)(row % Classes))]);

    /// <summary>Numbers, then keys, of which some are missing.</summary>
    private static Tensor Rows(int numbers, int rows)
    {
        var random = new Random(3);
        return tensor([.. Enumerable.Range(0, rows).SelectMany(_ => Enumerable.Range(0, numbers).Select(_ => 2 * random.NextSingle() - 1)
            .Concat([random.Next(5), random.Next(4), random.Next(4)]))], [rows, numbers + Slots]);
    }
}
