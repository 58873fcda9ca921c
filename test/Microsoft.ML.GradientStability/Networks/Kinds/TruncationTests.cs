using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>Truncated back-propagation through time.</summary>
[TestClass]
public sealed class TruncationTests
{
    private const int Rows = 3, Steps = 7, Features = 2, Units = 4;

    public static IEnumerable<object[]> Cells() =>
        from cell in Known.All<RecurrentCell>()
        from piece in new[] { 1, 3, Steps }
        select new object[] { cell, piece };

    /// <summary>Step after step by the formulas of the cell, the state taken out of the graph where a piece ends.</summary>
    [TestMethod]
    [DynamicData(nameof(Cells))]
    public void A_gradient_is_that_of_steps_whose_state_is_detached_between_pieces(RecurrentCell cell, int piece)
    {
        using var module = (Network.Recurrent(cell, Units) with { Input = InputShape.Sequence(Steps, Features), TruncateAfter = piece, RecurrentInitializer = Initializer.XavierUniform })
            .CreateOfSteps(Steps * Features, 1, Create.Origin(Initializer.XavierUniform, seed: 3), new FedClass(1));
        var gates = module.Layers.OfType<RecurrentGate>().ToArray();
        using var scope = NewDisposeScope();
        var random = new Random(1);
        var features = tensor(Enumerable.Range(0, Rows * Steps * Features).Select(_ => 2 * random.NextSingle() - 1).ToArray(), [Rows, Steps * Features]);
        module.train();
        var outputs = module.forward(features);
        outputs.square().sum().backward();
        var actual = gates.SelectMany(gate => gate.parameters()).Select(parameter => parameter.grad!.clone()).ToArray();
        foreach (var parameter in module.parameters())
            parameter.grad = null;

        var (h, c) = (zeros(Rows, Units), zeros(Rows, Units));
        var steps = new List<Tensor>();
        for (var step = 0; step < Steps; step++)
        {
            if (step % piece == 0)
                (h, c) = (h.detach(), c.detach());
            var x = features.view(Rows, Steps, Features).select(1, step);
            (h, c) = Next(x, h, c);
            steps.Add(h);
        }
        var output = (WeightedLayer)module.Layers[^1];
        var expected = output.forward(stack(steps, 1));
        Assert.IsTrue((expected - outputs).abs().max().item<float>() < 1e-5f, "the state is carried on");
        expected.square().sum().backward();
        foreach (var (one, other) in gates.SelectMany(gate => gate.parameters()).Zip(actual))
            Assert.IsTrue((one.grad! - other).abs().max().item<float>() < 1e-4f, $"{cell}, {piece}");

        (Tensor H, Tensor C) Next(Tensor x, Tensor h, Tensor c)
        {
            var sums = gates.Select(gate => x.matmul(gate.StoredOfInput.t()) + h.matmul(gate.StoredOfSteps.t()) + gate.Bias).ToArray();
            switch (cell)
            {
                case LstmCell:
                    c = sums[1].sigmoid() * c + sums[0].sigmoid() * sums[2].tanh();
                    return (sums[3].sigmoid() * c.tanh(), c);
                case GruCell:
                    var candidate = (x.matmul(gates[2].StoredOfInput.t()) + gates[2].Bias + sums[0].sigmoid() * h.matmul(gates[2].StoredOfSteps.t())).tanh();
                    return ((1 - sums[1].sigmoid()) * candidate + sums[1].sigmoid() * h, c);
                default:
                    return (cell is TanhCell ? sums[0].tanh() : sums[0].relu(), c);
            }
        }
    }

    /// <summary>Nothing of it is in the model but its options: scores, file and the rest are those of the network without.</summary>
    [TestMethod]
    public void A_network_is_trained_scored_and_saved_with_it()
    {
        var network = Network.Recurrent(RecurrentCell.Lstm(), 6, layers: 2, bidirectional: true) with { Input = InputShape.Sequence(Steps, Features) with { VariesInLength = true }, TruncateAfter = 2 };
        var data = ShapedRows.Of(network);
        using var model = new MLContext(seed: 1).MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Network = network, Epochs = 2, BatchSize = 16, Seed = 1 }).Fit(data);
        Assert.AreEqual(2, ((RecurrentNetwork)DeepNetworkOptions.FromJson(model.Model.Options.ToJson()).Network).TruncateAfter);
        EveryTask.AreClose(EveryTask.Scores(model, data), EveryTask.Scores(EveryTask.SaveAndLoad(model, data.Schema), data), 1e-5);
        using var whole = new MLContext(seed: 1).MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Network = network with { TruncateAfter = null }, Epochs = 2, BatchSize = 16, Seed = 1 }).Fit(data);
        CollectionAssert.AreNotEqual(whole.Model.Parameters.ToArray(), model.Model.Parameters.ToArray());
    }

    /// <summary>That no gradient goes further back is what was asked for.</summary>
    [TestMethod]
    public void It_is_not_found_to_be_a_gradient_that_vanishes()
    {
        var random = new Random(2);
        float[][] rows = [.. Enumerable.Range(0, 120).Select(row => Enumerable.Range(0, 40).Select(step => step == 0 ? 1 + row % 3 : 2 * random.NextSingle() - 1).ToArray())];
        using var model = new MLContext(seed: 1).MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.Recurrent(RecurrentCell.Tanh, 8) with { TruncateAfter = 5 }, Epochs = 6, BatchSize = 16, Seed = 1, StatisticsInterval = 1, Detectors = [Detector.ShortReach], Stability = StabilityPolicy.Warn,
        }).Fit(ShapedRows.Load(rows, 40, 1));
        Assert.IsEmpty(model.Model.Summary.Findings);
    }
}
