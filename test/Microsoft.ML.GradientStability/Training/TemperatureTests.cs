using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>The number that outputs are divided by, and the outputs afterwards.</summary>
[TestClass]
public sealed class TemperatureTests
{
    private static readonly Initializer s_initializer = Initializer.HeUniform;

    [TestMethod]
    [DataRow(0.7)]
    [DataRow(1.0)]
    [DataRow(3.5)]
    public void Of_many_rows_it_is_where_their_loss_is_least(double best)
    {
        using var module = Network.FeedForward(4).CreateModule(3, 2, s_initializer);
        var (temperature, loss) = Temperature.Find(module, Valley(module, best), rows: 1_000_000);
        Assert.AreEqual(best, temperature, 0.01 * best);
        Assert.AreEqual(0, loss, 1e-4);
    }

    /// <summary>The prior of ln T, normal with mean 0.2 and deviation 0.25, is worth 16 rows whose loss rises by ½(ln T − ln T₀)².</summary>
    [TestMethod]
    [DataRow(16, 1.0)]
    [DataRow(48, 0.6)]
    public void Of_few_rows_it_is_drawn_to_what_networks_have(int rows, double best)
    {
        using var module = Network.FeedForward(4).CreateModule(3, 2, s_initializer);
        var (temperature, _) = Temperature.Find(module, Valley(module, Math.Exp(best)), rows);
        Assert.AreEqual((rows * best + 16 * 0.2) / (rows + 16), Math.Log(temperature), 0.01);
    }

    [TestMethod]
    [DataRow(0.01, 0.6)]
    [DataRow(100, 8)]
    public void It_stays_in_bounds(double best, double bound)
    {
        using var module = Network.FeedForward(4).CreateModule(3, 2, s_initializer);
        Assert.AreEqual(bound, Temperature.Find(module, Valley(module, best), rows: 1_000_000).Temperature, 0.01 * bound);
    }

    public static IEnumerable<object[]> Networks() =>
    [
        [Network.FeedForward(4)],
        [Network.FeedForward(4, 4) with { Ensemble = 3 }],
        [Network.FeedForward(4, 4) with { Residual = Residual.Identity }],
        [Network.FeedForward(4) with { WeightParametrization = WeightParametrization.WeightNormalization }],
        [Network.FeedForward(4) with { WeightParametrization = WeightParametrization.WeightStandardization, Normalization = Normalization.Group(2) }],
        [Network.Recurrent(hidden: 4) with { Input = InputShape.Sequence(3, 1) }],
    ];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void All_outputs_are_divided_by_it(Network network)
    {
        using var scope = NewDisposeScope();
        using var module = network.CreateModule(3, 2, s_initializer);
        module.eval();
        using var frozen = no_grad();
        foreach (var (name, bias) in module.named_parameters().Where(parameter => parameter.name.EndsWith("bias", StringComparison.Ordinal)))
            bias.fill_(0.5);
        var rows = tensor(new float[] { 1, 2, 3, -1, 0, 1, 0.5f, 0.25f, 0 }, [3, 3]);
        var before = module.forward(rows).clone();
        var (temperature, _) = Temperature.Find(module, Valley(module, 2.5), rows: 1_000_000);
        Assert.AreEqual(2.5, temperature, 0.02);
        var difference = (before / temperature - module.forward(rows)).abs().max().item<float>();
        Assert.AreEqual(0, difference, 1e-4);
    }

    [TestMethod]
    public void Outputs_whose_scale_is_not_free_stay_as_they_are()
    {
        using var module = (Network.FeedForward(4) with { WeightParametrization = WeightParametrization.SpectralNormalization }).CreateModule(3, 2, s_initializer);
        var looks = 0;
        Assert.AreEqual((1, 0.25), Temperature.Find(module, () => { looks++; return 0.25; }, rows: 100));
        Assert.AreEqual(1, looks);
    }

    [TestMethod]
    public void Rows_without_a_finite_loss_tell_nothing()
    {
        using var module = Network.FeedForward(4).CreateModule(3, 2, s_initializer);
        var start = module.Layers[^1].SquaredWeightNorm();
        Assert.AreEqual((1, double.NaN), Temperature.Find(module, () => double.NaN, rows: 100));
        Assert.AreEqual(start, module.Layers[^1].SquaredWeightNorm());
    }

    /// <summary>A loss ½(ln T − ln T₀)², T told by the size of the output weights.</summary>
    private static Func<double> Valley(NetworkModule module, double best)
    {
        var start = module.Layers[^1].SquaredWeightNorm();
        return () => Math.Pow(Math.Log(start / module.Layers[^1].SquaredWeightNorm()) / 2 - Math.Log(best), 2) / 2;
    }
}
