using Microsoft.ML.GradientStability.Tests.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>What the weights of recurrent layers are computed by: W and U of every gate, each by itself.</summary>
[TestClass]
public sealed class RecurrentParametrizationTests
{
    public static IEnumerable<object[]> Cells() => Known.All<RecurrentCell>().Select(cell => new object[] { cell });

    [TestMethod]
    [DynamicData(nameof(Cells))]
    public void Spectral_norms_of_every_gate_are_1_while_it_learns(RecurrentCell cell)
    {
        const int rows = 24;
        var network = Of(cell, WeightParametrization.SpectralNormalization);
        using var module = network.CreateModule(network.Shape!.Size, Kinds.Classes, Initializer.XavierUniform, seed: 5);
        using var features = tensor(Kinds.Rows(network, rows), [rows, network.Shape.Size]);
        using var labels = tensor([.. Enumerable.Range(0, rows).Select(row => (long)(row % Kinds.Classes))]);
        using var step = optim.SGD(module.parameters(), 0.1);
        module.train();
        for (var i = 0; i < 40; i++)
        {
            using var scope = NewDisposeScope();
            step.zero_grad();
            nn.functional.cross_entropy(module.forward(features), labels).backward();
            step.step();
        }
        module.eval();
        using var frozen = no_grad();
        using var whole = NewDisposeScope();
        foreach (var gate in module.Layers.OfType<RecurrentGate>())
        {
            Assert.AreEqual(1, Plain.SpectralNorm(Plain.Matrix(gate.OfInput())), 0.03, $"W of {gate.Title}");
            Assert.AreEqual(1, Plain.SpectralNorm(Plain.Matrix(gate.OfSteps())), 0.03, $"U of {gate.Title}");
        }
    }

    /// <summary>A network whose weights are those that another computes gives the same.</summary>
    [TestMethod]
    [DynamicData(nameof(Cells))]
    public void A_network_computes_by_what_is_made_of_its_weights(RecurrentCell cell)
    {
        const int rows = 9;
        var network = Of(cell, WeightParametrization.WeightNormalization);
        using var module = network.CreateModule(network.Shape!.Size, Kinds.Classes, Initializer.XavierUniform, seed: 5);
        using var plain = Of(cell, WeightParametrization.None).CreateModule(network.Shape.Size, Kinds.Classes, Initializer.XavierUniform, seed: 6);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        // Directions and lengths that no initial weight has.
        foreach (var (name, parameter) in module.named_parameters())
            parameter.add_(name.EndsWith("length", StringComparison.Ordinal) ? 0.5f : 0.1f);
        foreach (var (of, to) in module.Layers.OfType<RecurrentGate>().Zip(plain.Layers.OfType<RecurrentGate>()))
        {
            var (v, g) = (of.StoredOfSteps, of.named_parameters().Single(p => p.name == "parametrizationOfSteps.length").parameter);
            to.StoredOfSteps.copy_(g.unsqueeze(1) * v / v.square().sum(1, keepdim: true).sqrt());
            to.StoredOfInput.copy_(of.OfInput());
            to.Bias.copy_(of.Bias);
        }
        var features = tensor(Kinds.Rows(network, rows), [rows, network.Shape.Size]);
        var (expected, got) = (Read(plain, features), Read(module, features));
        EveryTask.AreClose(expected, got, 1e-5 * Math.Max(1, expected.Max(Math.Abs)));

        static float[] Read(NetworkModule network, Tensor features) => network.Parts[0].forward(features).data<float>().ToArray();
    }

    /// <summary>The file makes the weights too, held against the modules when a fit ends and again here.</summary>
    [TestMethod]
    [DynamicData(nameof(Cells))]
    public void A_file_holds_the_weights_as_they_are_made(RecurrentCell cell)
    {
        var network = Of(cell, WeightParametrization.SpectralNormalization);
        var data = ShapedRows.Of(network);
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");
        try
        {
            using var model = new MLContext(seed: 1).MulticlassClassification.Trainers.DeepNetwork(
                new DeepNetworkMulticlassTrainer.Options { Network = network, Epochs = 3, BatchSize = 16, Seed = 3, Stability = StabilityPolicy.Warn }).Fit(data);
            Assert.IsTrue(model.SaveAsOnnx(file, data).Holds);
            EveryTask.IsTakenUp(model, EveryTask.SaveAndLoad(model, data.Schema));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static RecurrentNetwork Of(RecurrentCell cell, WeightParametrization parametrization) =>
        Network.Recurrent(cell, hidden: 7, bidirectional: true) with { Input = InputShape.Sequence(6, 4), WeightParametrization = parametrization };
}
