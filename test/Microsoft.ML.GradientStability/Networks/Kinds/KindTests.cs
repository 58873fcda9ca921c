using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>What holds for every kind of network.</summary>
[TestClass]
public sealed class KindTests
{
    private const double Step = 1e-3;

    private static readonly Objective s_objective = new MulticlassObjective(new UnnamedClassLabels(Kinds.Classes), 0, null);

    public static IEnumerable<object[]> Networks() => Kinds.All().Concat(Kinds.Joined()).Select(network => new object[] { network });

    /// <summary>As for feed-forward networks: along a layer's gradient g the loss changes by ‖g‖ a unit. Smooth functions, because a convolution meets many kinks.</summary>
    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Gradient_of_every_layer_agrees_with_finite_differences(Network network)
    {
        const int rows = 24;
        if (network.Traits.Activation is ReluActivation)
            network = network.With(network.Traits with { Activation = Activation.Gelu });
        using var module = network.CreateModule(Kinds.Width(network), Kinds.Classes, Initializer.XavierUniform, seed: 5);
        using var parameters = new FlatParameters(module);
        using var features = tensor(Kinds.Rows(network, rows), [rows, Kinds.Width(network)]);
        using var labels = tensor([.. Enumerable.Range(0, rows).Select(row => (long)(row % Kinds.Classes))]);
        module.train();

        Loss(backward: true);
        var gradient = parameters.Layers.Select(layer => parameters.GradientsOf(layer).ToArray()).ToArray();
        var weights = parameters.ToArray();
        for (var l = 0; l < gradient.Length; l++)
        {
            var norm = L2Norm.Of(gradient[l]);
            Assert.IsGreaterThan(1e-4, norm, $"{parameters.Layers[l].Title} of {network}");
            Assert.AreEqual(norm, (LossAt(l, Step) - LossAt(l, -Step)) / (2 * Step), 0.02 * norm + 2e-4, $"{parameters.Layers[l].Title} of {network}");

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
            var loss = nn.functional.cross_entropy(module.forward(features), labels);
            if (backward)
                loss.backward();
            return loss.item<float>();
        }
    }

    /// <summary>All steps by flat parameters are those of the usual loop, bit for bit.</summary>
    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Flat_parameters_train_as_the_plain_loop(Network network)
    {
        var (flat, plain) = (Train(network, isFlat: true), Train(network, isFlat: false));
        CollectionAssert.AreEqual(plain, flat, network.ToString());
    }

    /// <summary>Rows of all lengths, where rows have such or are tokens, beside others of other lengths.</summary>
    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Scores_in_ONNX_Runtime_as_in_LibTorch_whatever_the_batch(Network network)
    {
        const int rows = 100;
        var width = Kinds.Width(network);
        using var module = network.CreateModule(width, Kinds.Classes, Initializer.HeUniform, seed: 5);
        Settle(network, module);
        if (module.Before > 0 && module.Scaled > 0)
            module.ScaleInput([.. Enumerable.Repeat(0.1f, module.Scaled)], [.. Enumerable.Repeat(2f, module.Scaled)], [.. Enumerable.Repeat(0.2f, module.Scaled)]);
        var graph = new OnnxGraph();
        s_objective.WriteOnnx(graph, module, graph.Input("Features", network.Shape!.VariesInLength ? 0 : width));
        using var scorer = new OnnxScorer(graph.ToBytes([]), threads: 1, module.Before + module.StepSize);
        var features = Kinds.Rows(network, rows, seed: 8);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var expected = s_objective.Scores(module, tensor(features, [rows, width])).Single().Values.data<float>().ToArray();
        foreach (var size in new[] { 1, 7, rows })
        {
            using var batch = new OnnxScorer.Batch(scorer, size);
            for (var first = 0; first + size <= rows; first += size)
            {
                for (var row = 0; row < size; row++)
                {
                    var numbers = new ReadOnlySpan<float>(features, (first + row) * width, width).TrimEnd(float.NaN);
                    numbers.CopyTo(batch.Features(row, numbers.Length));
                }
                batch.Run();
                for (var row = 0; row < size; row++)
                    for (var c = 0; c < Kinds.Classes; c++)
                        Assert.AreEqual(expected[(first + row) * Kinds.Classes + c], batch.Values("Score", row)[c], 1e-4, $"row {first + row} of {network}, {size} at once");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Every_layer_has_a_title_of_its_own(Network network)
    {
        using var module = network.CreateModule(Kinds.Width(network), Kinds.Classes, Initializer.HeUniform);
        CollectionAssert.AllItemsAreUnique(module.Layers.Select(layer => layer.Title).ToArray());
        Assert.IsTrue(module.Layers.Skip(module.Doors).All(layer => layer.Title.Contains('→')), string.Join("; ", module.Layers.Select(layer => layer.Title)));
        Assert.AreEqual("output layer", module.Layers[^1].Title[..12]);
    }

    /// <summary>Running statistics as after some batches.</summary>
    private static void Settle(Network network, NetworkModule module)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        module.train();
        for (var seed = 0; seed < 5; seed++)
            module.forward(tensor(Kinds.Rows(network, 32, seed), [32, Kinds.Width(network)]));
        module.eval();
    }

    private static float[] Train(Network network, bool isFlat)
    {
        const int rows = 32;
        using var module = network.CreateModule(Kinds.Width(network), Kinds.Classes, Initializer.HeNormal);
        using var parameters = isFlat ? new FlatParameters(module) : null;
        using var features = tensor(Kinds.Rows(network, rows), [rows, Kinds.Width(network)]);
        using var labels = tensor([.. Enumerable.Range(0, rows).Select(row => (long)(row % Kinds.Classes))]);
        using var step = optim.SGD(parameters is null ? module.parameters() : [parameters.Values], 0.1, momentum: 0.9);
        module.train();
        for (var i = 0; i < 10; i++)
        {
            using var scope = NewDisposeScope();
            if (parameters is null)
                step.zero_grad();
            else
                parameters.ClearGradients();
            nn.functional.cross_entropy(module.forward(features), labels).backward();
            step.step();
        }
        return [.. module.parameters().SelectMany(p => MemoryMarshal.Cast<byte, float>(p.contiguous().bytes).ToArray())];
    }
}
