using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class ResidualTests
{
    private const int Inputs = 5, Outputs = 3;

    public static IEnumerable<object[]> Forms() =>
        from residual in Known.All<Residual>()
        from post in new[] { false, true }
        from normalization in (Normalization[])[Normalization.None, Normalization.Layer]
        from after in normalization is NoNormalization ? new[] { false } : [false, true]
        from spans in (int[][][])[[[2], [3], [4], [5], [6]], [[2, 3], [4, 5], [6]], [[2, 3, 4], [5, 6]]]
        let network = Network.FeedForward(6, 6, 6, 4, 7, 7) with
        {
            Activation = Activation.Tanh, Normalization = normalization, NormalizeAfterActivation = after,
            Residual = residual with { PostNorm = post, BranchLayers = spans[0].Length },
        }
        select new object[] { network, spans };

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Forward_is_the_documented_composition(FeedForwardNetwork network, int[][] spans)
    {
        using var scope = NewDisposeScope();
        using var module = network.CreateModule(Inputs, Outputs, Initializer.XavierUniform);
        Scatter(module);
        var x = Plain.Random(4, Inputs, seed: 8, scale: 2);
        Plain.AreClose(new PlainNetwork(module, network).Forward(x, spans), module.forward(Plain.Tensor(x)), 5e-6);
    }

    [TestMethod]
    public void Plain_networks_are_the_documented_composition_too()
    {
        foreach (var after in new[] { false, true })
        {
            var network = Network.FeedForward(6, 4, 7) with { Activation = Activation.Tanh, NormalizeAfterActivation = after };
            using var scope = NewDisposeScope();
            using var module = network.CreateModule(Inputs, Outputs, Initializer.XavierUniform);
            Scatter(module);
            var x = Plain.Random(4, Inputs, seed: 8, scale: 2);
            Plain.AreClose(new PlainNetwork(module, network).Forward(x), module.forward(Plain.Tensor(x)), 5e-6);
        }
    }

    public static IEnumerable<object[]> Families() =>
        from residual in Known.All<Residual>()
        from post in new[] { false, true }
        select new object[] { residual with { PostNorm = post } };

    /// <summary>What initializers adapt weights by, and what a layer's title says, is that of the layer in the whole network.</summary>
    [TestMethod]
    [DynamicData(nameof(Families))]
    public void Linear_outputs_are_those_of_the_whole_network(Residual residual)
    {
        var network = Network.FeedForward(6, 6, 4, 4) with { Activation = Activation.Tanh, Residual = residual with { BranchLayers = 2 } };
        using var scope = NewDisposeScope();
        using var module = network.CreateModule(Inputs, Outputs, Initializer.XavierUniform);
        Scatter(module);
        var x = Plain.Random(4, Inputs, seed: 8, scale: 2);
        var plain = new PlainNetwork(module, network);
        plain.Forward(x, [2, 3], [4]);
        Assert.HasCount(module.Layers.Count, plain.LinearOutputs);
        foreach (var (layer, expected) in module.Layers.Zip(plain.LinearOutputs))
            Plain.AreClose(expected, Plain.LinearOutput(module, layer, Plain.Tensor(x)), 5e-6, layer.Name);
    }

    [TestMethod]
    public void A_projection_starts_as_the_identity_and_by_the_initializer_where_the_width_changes()
    {
        using var scope = NewDisposeScope();
        using var module = (Network.FeedForward(6, 6, 4) with { Residual = Residual.Projection }).CreateModule(Inputs, Outputs, Initializer.Constant(0.25));
        var same = Plain.Matrix(module.get_parameter("hiddenBlock1.projection.weight")!);
        for (var i = 0; i < 6; i++)
            for (var j = 0; j < 6; j++)
                Assert.AreEqual(i == j ? 1 : 0, same[i][j]);
        var changed = module.get_parameter("hiddenBlock2.projection.weight")!;
        CollectionAssert.AreEqual(new long[] { 4, 6 }, changed.shape);
        Assert.IsTrue(Plain.Vector(changed).All(w => w == 0.25));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_gate_of_0_makes_a_block_its_shortcut(bool postNorm)
    {
        var network = Network.FeedForward(6, 6, 6, 6) with { Normalization = Normalization.None, Residual = Residual.Gated() with { PostNorm = postNorm } };
        using var scope = NewDisposeScope();
        using var module = network.CreateModule(Inputs, Outputs, Initializer.HeNormal);
        var x = Plain.Tensor(Plain.Random(4, 6, seed: 1));
        var expected = postNorm ? x.relu() : x;
        foreach (var block in module.Parts.OfType<ResidualBlock>())
            Plain.AreClose(Plain.Matrix(expected), block.forward(x), 0);
        Assert.AreEqual(0.5f, (Network.FeedForward(6, 6) with { Residual = Residual.Gated(0.5) }).CreateModule(1, 1, Initializer.Default)
            .get_parameter("hiddenBlock1.gate")!.item<float>());
    }

    /// <summary>The first layer and the output layer get the gradient of a shallow network, whatever stands between them.</summary>
    [TestMethod]
    public void Two_hundred_gated_layers_start_as_two()
    {
        var norms = new List<double[]>();
        foreach (var depth in new[] { 2, 50, 200 })
        {
            var rows = Samples.RandomRows(rows: 16, Inputs, Outputs);
            var network = Network.FeedForward([.. Enumerable.Repeat(8, depth)]) with { Normalization = Normalization.None, Residual = Residual.Gated() };
            using var module = network.CreateModule(Inputs, Outputs, Initializer.HeUniform);
            using (NewDisposeScope())
            using (no_grad())
                module.Layers[^1].parameters().First().copy_(Plain.Tensor(Plain.Random(Outputs, 8, seed: 2)));
            using var parameters = new FlatParameters(module);
            Backward(module, rows);
            norms.Add([.. new[] { 0, depth }.Select(l => L2Norm.Of(parameters.GradientsOf(parameters.Layers[l])))]);
            var gates = parameters.Parameters.Where(p => p is { IsWeight: false, Length: 1 }).ToArray();
            Assert.HasCount(depth - 1, gates);
            foreach (var gate in gates)
                Assert.AreNotEqual(0, parameters.GradientSpan[gate.Offset], "a gate opens at the first step");
        }
        Assert.IsGreaterThan(1e-2, norms[0].Min());
        foreach (var deep in norms)
            Plain.AreClose(norms[0], deep, 1e-5);
    }

    internal static void Backward(NetworkModule module, Samples.Rows rows)
    {
        using var scope = NewDisposeScope();
        using var batches = rows.Batches(rows.Count);
        batches.Begin(shuffle: null);
        Assert.IsTrue(batches.Next(out var batch));
        rows.Objective.Loss(module, batch).backward();
    }

    /// <summary>Away from what they start at, so that none of them is without effect.</summary>
    private static void Scatter(NetworkModule module)
    {
        using var frozen = no_grad();
        foreach (var parameter in module.parameters())
            parameter.uniform_(-0.8, 0.8);
    }
}
