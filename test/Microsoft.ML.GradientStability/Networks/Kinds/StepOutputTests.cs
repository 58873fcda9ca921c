using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>What holds for every network that has outputs for each step.</summary>
[TestClass]
public sealed class StepOutputTests
{
    private const int Rows = 24;
    private const double Step = 1e-3;

    public static IEnumerable<object[]> Networks() => Kinds.All().Where(network => network.HasSteps && network.Shape!.ChannelsLast).Concat(Fed()).Select(network => new object[] { network });

    /// <summary>Those to which the label of the step before is fed, of every cell and every form of rows.</summary>
    private static IEnumerable<RecurrentNetwork> Fed() =>
    [
        .. Kinds.All().OfType<RecurrentNetwork>().Where(network => !network.Bidirectional).Select(network => network with { TeacherForcing = true }),
        Network.Recurrent(RecurrentCell.Lstm(), 6, layers: 2) with { Input = InputShape.Sequence(6, 4), Normalization = Normalization.Layer, TeacherForcing = true },
        Network.Recurrent(RecurrentCell.Gru, 6, layers: 2) with { Input = InputShape.Sequence(6, 4) with { VariesInLength = true }, Normalization = Normalization.Rms, TeacherForcing = true },
        Network.Recurrent(RecurrentCell.Lstm(), 6, layers: 2) with { Input = InputShape.Tokens(8, 5) with { VariesInLength = true }, EmbeddingWidth = 4, TeacherForcing = true },
        Network.Recurrent(RecurrentCell.Gru, 6) with { Input = InputShape.Sequence(6, 4), WeightParametrization = WeightParametrization.WeightNormalization, HeadUnits = [5], TeacherForcing = true },
    ];

    /// <summary>Along a layer's gradient g the loss changes by ‖g‖ a unit.</summary>
    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Gradient_of_every_layer_agrees_with_finite_differences(Network network)
    {
        var objective = Objective(network);
        using var module = objective.CreateModule(network, network.Shape!.Size, Create.Origin(Initializer.XavierUniform, seed: 5));
        using var parameters = new FlatParameters(module);
        using var scope = NewDisposeScope();
        var batch = Batch(network);
        module.train();
        objective.Loss(module, batch).backward();
        var gradient = parameters.Layers.Select(layer => parameters.GradientsOf(layer).ToArray()).ToArray();
        var weights = parameters.ToArray();
        using var frozen = no_grad();
        for (var l = 0; l < gradient.Length; l++)
        {
            var norm = L2Norm.Of(gradient[l]);
            Assert.IsGreaterThan(1e-4, norm, $"{parameters.Layers[l].Title} of {network}");
            Assert.AreEqual(norm, (LossAt(l, Step) - LossAt(l, -Step)) / (2 * Step), 0.02 * norm + 2e-4, $"{parameters.Layers[l].Title} of {network}");
        }

        double LossAt(int layer, double distance)
        {
            using var one = NewDisposeScope();
            var norm = L2Norm.Of(gradient[layer]);
            var moved = (float[])weights.Clone();
            for (var i = 0; i < gradient[layer].Length; i++)
                moved[parameters.Layers[layer].Offset + i] += (float)(distance * gradient[layer][i] / norm);
            parameters.CopyFrom(moved);
            return objective.Loss(module, batch).item<float>();
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Flat_parameters_train_as_the_plain_loop(Network network)
    {
        CollectionAssert.AreEqual(Train(isFlat: false), Train(isFlat: true), network.ToString());

        float[] Train(bool isFlat)
        {
            var objective = Objective(network);
            using var module = objective.CreateModule(network, network.Shape!.Size, Create.Origin(Initializer.HeNormal, seed: 5));
            using var parameters = isFlat ? new FlatParameters(module) : null;
            using var step = optim.SGD(parameters is null ? module.parameters() : [parameters.Values], 0.1, momentum: 0.9);
            module.train();
            for (var i = 0; i < 10; i++)
            {
                using var scope = NewDisposeScope();
                if (parameters is null)
                    step.zero_grad();
                else
                    parameters.ClearGradients();
                objective.Loss(module, Batch(network)).backward();
                step.step();
            }
            return [.. module.parameters().SelectMany(p => MemoryMarshal.Cast<byte, float>(p.contiguous().bytes).ToArray())];
        }
    }

    /// <summary>Scores and labels of every step, in batches of several sizes, and so beside rows of several lengths.</summary>
    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Scores_in_ONNX_Runtime_as_in_LibTorch_whatever_the_batch(Network network)
    {
        const int rows = 100;
        var shape = network.Shape!;
        var objective = Objective(network);
        using var module = objective.CreateModule(network, shape.Size, Create.Origin(Initializer.HeUniform, seed: 5));
        module.eval();
        var graph = new OnnxGraph();
        objective.WriteOnnx(graph, module, graph.Input("Features", shape.VariesInLength ? 0 : shape.Size));
        using var scorer = new OnnxScorer(graph.ToBytes([]), threads: 1, module.StepSize);
        var features = Kinds.Rows(network, rows, seed: 8);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var expected = objective.Scores(module, tensor(features, [rows, shape.Size])).Single().Values.data<float>().ToArray();
        foreach (var size in new[] { 1, 7, rows })
        {
            using var batch = new OnnxScorer.Batch(scorer, size);
            for (var first = 0; first + size <= rows; first += size)
            {
                for (var row = 0; row < size; row++)
                {
                    var numbers = Numbers(first + row);
                    numbers.CopyTo(batch.Features(row, numbers.Length));
                }
                batch.Run();
                for (var row = 0; row < size; row++)
                {
                    var scores = batch.Values("Score", row);
                    var labels = batch.ClassIndexes(row);
                    Assert.AreEqual(Numbers(first + row).Length / shape.StepSize * Kinds.Classes, scores.Length);
                    for (var i = 0; i < scores.Length; i++)
                        Assert.AreEqual(expected[(first + row) * shape.Length * Kinds.Classes + i], scores[i], 1e-4, $"row {first + row} of {network}, {size} at once");
                    for (var step = 0; step < labels.Length; step++)
                        Assert.AreEqual(scores.Slice(step * Kinds.Classes, Kinds.Classes).ToArray().Max(), scores[step * Kinds.Classes + (int)labels[step]], 1e-6);
                }
            }
        }

        ReadOnlySpan<float> Numbers(int row) => new ReadOnlySpan<float>(features, row * shape.Size, shape.Size).TrimEnd(float.NaN);
    }

    private static SequenceMulticlassObjective Objective(Network network)
    {
        var labels = new UnnamedClassLabels(Kinds.Classes);
        return new SequenceMulticlassObjective(new MulticlassObjective(labels, 0.05, null), labels, network.Shape!.Steps);
    }

    /// <summary>Rows of some weights, of which one in four steps has no label.</summary>
    private static Batch Batch(Network network)
    {
        var shape = network.Shape!;
        var features = Kinds.Rows(network, Rows);
        var labels = new float[Rows * shape.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = i % 4 == 3 || float.IsNaN(features[i * shape.StepSize]) ? float.NaN : i % Kinds.Classes;
        return new Batch(tensor(features, [Rows, shape.Size]), tensor(labels, [Rows, shape.Length]), tensor([.. Enumerable.Range(0, Rows).Select(row => 0.5f + row % 3)]));
    }
}
