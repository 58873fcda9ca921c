using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class NormalizationTests
{
    private const int Units = 12;

    private static readonly double[] s_scale = Plain.Random(1, Units, seed: 3, scale: 2)[0], s_shift = Plain.Random(1, Units, seed: 4, scale: 2)[0];

    /// <summary>What becomes of one row before scale and shift; <see langword="null"/> where rows are not normalized one by one.</summary>
    private static Func<double[], double[]>? OfRow(Normalization normalization) => normalization switch
    {
        LayerNormalization n => row => Plain.Standardize(row, n.Epsilon),
        GroupNormalization n => row => [.. row.Chunk(Units / n.Groups).SelectMany(group => Plain.Standardize(group, n.Epsilon))],
        InstanceNormalization n => row => [.. row.Chunk(Units / n.Channels).SelectMany(channel => Plain.Standardize(channel, n.Epsilon))],
        RmsNormalization n => row => [.. row.Select(x => x / Math.Sqrt(row.Average(v => v * v) + n.Epsilon))],
        NoNormalization or BatchNormalization => null,
        _ => throw new AssertFailedException($"{normalization} has no oracle"),
    };

    /// <summary>How many units share a scale and a shift.</summary>
    private static int Share(Normalization normalization) => normalization is InstanceNormalization instance ? Units / instance.Channels : 1;

    public static IEnumerable<object[]> RowWise() =>
        from normalization in Known.All<Normalization>().Where(n => n is not GroupNormalization).Concat(
        [
            Normalization.Layer with { Epsilon = 0.1 }, Normalization.Rms with { Epsilon = 0.1 },
            Normalization.Group(1), Normalization.Group(3), Normalization.Group(6) with { Epsilon = 0.1 },
            Normalization.Instance(4), Normalization.Instance(3) with { Affine = true }, Normalization.Instance() with { Affine = true, Epsilon = 0.1 },
        ])
        where OfRow(normalization) is not null
        select new object[] { normalization };

    [TestMethod]
    [DynamicData(nameof(RowWise))]
    public void Rows_are_normalized_one_by_one(Normalization normalization)
    {
        var ofRow = OfRow(normalization)!;
        using var scope = NewDisposeScope();
        using var module = normalization.CreateModule(Units)!;
        var affine = module.parameters().Any();
        Check("as it starts", training: true, _ => 1, _ => 0);
        foreach (var (name, parameter) in module.named_parameters())
            Set(parameter, name.EndsWith("weight") ? s_scale : s_shift);
        var shifts = module.named_parameters().Any(p => p.name.EndsWith("bias"));
        var share = Share(normalization);
        Assert.AreEqual(affine && normalization is not RmsNormalization, shifts);
        foreach (var training in new[] { true, false })
            Check("trained", training, u => affine ? s_scale[u / share] : 1, u => shifts ? s_shift[u / share] : 0);

        void Check(string when, bool training, Func<int, double> scale, Func<int, double> shift)
        {
            module.train(training);
            foreach (var rows in new[] { 1, 2, 7 })
            {
                var x = Plain.Random(rows, Units, seed: rows, scale: 3, shift: 1);
                double[][] expected = [.. x.Select(row => ofRow(row).Select((y, u) => y * scale(u) + shift(u)).ToArray())];
                Plain.AreClose(expected, module.forward(Plain.Tensor(x)), 2e-6, $"{normalization} {when}, {rows} rows,");
            }
        }
    }

    [TestMethod]
    [DataRow(1e-5, 0.1)]
    [DataRow(0.1, 0.3)]
    public void Batch_normalization_takes_the_batch_in_training_and_running_averages_after_it(double epsilon, double momentum)
    {
        using var scope = NewDisposeScope();
        using var module = (Normalization.Batch with { Epsilon = epsilon, Momentum = momentum }).CreateModule(Units);
        Set(module.get_parameter("weight")!, s_scale);
        Set(module.get_parameter("bias")!, s_shift);
        var (mean, variance) = (new double[Units], Enumerable.Repeat(1.0, Units).ToArray());
        foreach (var rows in new[] { 2, 9, 5 })
        {
            var x = Plain.Random(rows, Units, seed: rows, scale: 3, shift: 1);
            var columns = Enumerable.Range(0, Units).Select(u => x.Select(row => row[u]).ToArray()).ToArray();
            var normalized = columns.Select(c => Plain.Standardize(c, epsilon)).ToArray();
            module.train();
            Plain.AreClose(Rows(x, (r, u) => s_scale[u] * normalized[u][r] + s_shift[u]), module.forward(Plain.Tensor(x)), 5e-6, $"{rows} rows in training,");

            for (var u = 0; u < Units; u++)
            {
                var average = columns[u].Average();
                mean[u] += momentum * (average - mean[u]);
                // The running variance is the unbiased one, as in PyTorch.
                variance[u] += momentum * (columns[u].Sum(v => (v - average) * (v - average)) / (rows - 1) - variance[u]);
            }
            module.eval();
            var before = Plain.Vector(module.get_buffer("running_mean")!);
            Plain.AreClose(mean, before, 2e-6, "running mean");
            Plain.AreClose(variance, Plain.Vector(module.get_buffer("running_var")!), 2e-6, "running variance");
            foreach (var scored in new[] { x, x[..1] })
                Plain.AreClose(Rows(scored, (r, u) => s_scale[u] * (scored[r][u] - mean[u]) / Math.Sqrt(variance[u] + epsilon) + s_shift[u]),
                    module.forward(Plain.Tensor(scored)), 5e-6, $"{scored.Length} rows after training,");
            CollectionAssert.AreEqual(before, Plain.Vector(module.get_buffer("running_mean")!));
        }

        static double[][] Rows(double[][] like, Func<int, int, double> value) =>
            [.. like.Select((row, r) => row.Select((_, u) => value(r, u)).ToArray())];
    }

    [TestMethod]
    public void None_is_no_module() => Assert.IsNull(Normalization.None.CreateModule(Units));

    /// <summary>The promise by which layers leave their biases out.</summary>
    [TestMethod]
    public void Only_batch_normalization_removes_a_bias()
    {
        using var scope = NewDisposeScope();
        foreach (var normalization in Known.All<Normalization>().Where(n => n is not NoNormalization))
        {
            const int units = 16;
            using var module = normalization.CreateModule(units)!;
            var x = Plain.Random(6, units, seed: 1);
            double[] bias = [.. Plain.Random(1, units, seed: 2, scale: 3)[0]];
            double[][] shifted = [.. x.Select(row => row.Select((v, u) => v + bias[u]).ToArray())];
            var difference = (module.forward(Plain.Tensor(x)) - module.forward(Plain.Tensor(shifted))).abs().max().item<float>();
            Assert.AreEqual(normalization.RemovesBias, difference < 1e-4, normalization.ToString());
        }
    }

    public static IEnumerable<object[]> Forms() =>
        from normalization in (Normalization[])[Normalization.Batch, Normalization.Layer]
        from after in new[] { false, true }
        from residual in Known.All<Residual>().Prepend(null)
        from post in residual is null ? new[] { false } : [false, true]
        select new object[]
        {
            Network.FeedForward(6, 6, 6, 6) with
            {
                Normalization = normalization, NormalizeAfterActivation = after, Activation = Activation.Tanh,
                Residual = residual is GatedResidual ? Residual.Gated(0.5) with { PostNorm = post } : residual is null ? null : residual with { PostNorm = post },
            },
        };

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Hidden_layers_have_a_bias_exactly_where_it_has_an_effect(FeedForwardNetwork network)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var own = network.CreateModule(3, 2, Initializer.XavierNormal);
        var names = own.named_parameters().Select(p => p.name).ToHashSet();
        using var module = (network with { Bias = true }).CreateModule(3, 2, Initializer.XavierNormal);
        var x = Plain.Tensor(Plain.Random(20, 3, seed: 4));
        foreach (var (name, bias) in module.named_parameters().Where(p => p.name.Contains("hidden") && p.name.EndsWith("linear.bias", StringComparison.Ordinal)))
        {
            var before = module.forward(x);
            bias.copy_(Plain.Tensor(Plain.Random(1, 6, seed: 5))[0]);
            Assert.AreEqual(names.Contains(name), (module.forward(x) - before).abs().max().item<float>() > 1e-4, name);
        }
    }

    [TestMethod]
    public void Objections_say_what_does_not_fit()
    {
        foreach (var normalization in Known.All<Normalization>())
            Assert.IsNull(normalization.Objection(64), normalization.ToString());
        Assert.AreEqual("8 groups do not divide 12 units", Normalization.Group().Objection(12));
        Assert.AreEqual("8 groups of 8 units hold 1 each, and a single number less its mean is 0", Normalization.Group().Objection(8));
        Assert.AreEqual("8 groups of 16 units hold 2 each, and two numbers become −1 and 1 whatever they were", Normalization.Group().Objection(16));
        Assert.IsNull(Normalization.Group(4).Objection(12));
        Assert.AreEqual("5 channels do not divide 12 units", Normalization.Instance(5).Objection(12));
        Assert.AreEqual("12 channels of 12 units hold 1 each, and a single number less its mean is 0", Normalization.Instance(12).Objection(12));
        Assert.AreEqual("6 channels of 12 units hold 2 each, and two numbers become −1 and 1 whatever they were", Normalization.Instance(6).Objection(12));
        Assert.AreEqual("the layer has 1, and a single number less its mean is 0", Normalization.Layer.Objection(1));
        Assert.AreEqual("the layer has 2, and two numbers become −1 and 1 whatever they were", Normalization.Layer.Objection(2));
        Assert.IsNull(Normalization.Instance(4).Objection(12));
        Assert.AreEqual("the layer has 1, and a single number over its own size is −1 or 1", Normalization.Rms.Objection(1));
        Assert.IsNull(Normalization.Rms.Objection(2));
    }

    private static void Set(Parameter parameter, double[] values)
    {
        using var frozen = no_grad();
        parameter.copy_(tensor(Array.ConvertAll(values[..(int)parameter.numel()], v => (float)v), parameter.shape));
    }
}
