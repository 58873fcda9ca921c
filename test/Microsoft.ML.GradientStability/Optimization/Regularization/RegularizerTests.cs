using Microsoft.ML.GradientStability.Tests.Training;
using Microsoft.ML.GradientStability.Tests.Optimization.Optimizers;
using TorchSharp;
using TorchSharp.Modules;

namespace Microsoft.ML.GradientStability.Tests.Optimization.Regularization;

[TestClass]
public sealed class RegularizerTests
{
    [TestMethod]
    public void L1_adds_the_sign_of_a_weight() => Penalizes(Regularizer.L1(0.25), w => 0.25 * Math.Sign(w));

    [TestMethod]
    public void L2_adds_a_share_of_a_weight() => Penalizes(Regularizer.L2(0.25), w => 0.25 * w);

    private static void Penalizes(Regularizer regularizer, Func<float, double> penalty)
    {
        using var module = Stepping.Module();
        using var parameters = new FlatParameters(module);
        var random = new Random(3);
        Stepping.Fill(parameters.ValueSpan, random);
        Stepping.Fill(parameters.GradientSpan, random);
        var (values, gradients) = (parameters.ToArray(), parameters.GradientSpan.ToArray());
        Assert.IsTrue(values.Contains(0));

        regularizer.Penalize(parameters);

        CollectionAssert.AreEqual(values, parameters.ToArray());
        foreach (var slice in parameters.Parameters)
            for (var i = slice.Offset; i < slice.Offset + slice.Length; i++)
                Assert.AreEqual(gradients[i] + (slice.IsWeight ? penalty(values[i]) : 0), parameters.GradientSpan[i], 1e-6);
    }

    [TestMethod]
    public void Weight_decay_shrinks_by_the_rate_of_the_step()
    {
        using var module = Stepping.Module();
        using var parameters = new FlatParameters(module);
        Stepping.Fill(parameters.ValueSpan, new Random(3));
        var values = parameters.ToArray();

        Regularizer.WeightDecay(0.2).Decay(parameters, learningRate: 0.5);

        foreach (var slice in parameters.Parameters)
            for (var i = slice.Offset; i < slice.Offset + slice.Length; i++)
                Assert.AreEqual(slice.IsWeight ? values[i] * 0.9f : values[i], parameters.ValueSpan[i]);
    }

    [TestMethod]
    public void Max_norm_brings_long_rows_back_to_the_sphere()
    {
        using var module = Stepping.Module();
        using var parameters = new FlatParameters(module);
        Stepping.Fill(parameters.ValueSpan, new Random(3));
        var values = parameters.ToArray();

        Regularizer.MaxNorm(2).Constrain(parameters);

        var (scaled, kept) = (0, 0);
        foreach (var slice in parameters.Parameters)
            for (var row = 0; row < slice.Rows; row++)
            {
                var start = slice.Offset + row * slice.Columns;
                var norm = Math.Sqrt(values.Skip(start).Take(slice.Columns).Sum(w => (double)w * w));
                var scale = slice.IsWeight && norm > 2 ? 2 / norm : 1;
                if (slice.IsWeight)
                    _ = scale < 1 ? scaled++ : kept++;
                for (var i = start; i < start + slice.Columns; i++)
                    Assert.AreEqual(values[i] * scale, parameters.ValueSpan[i], scale == 1 ? 0 : 1e-6);
            }
        Assert.IsTrue(scaled > 0 && kept > 0);
    }

    [TestMethod]
    public void L2_in_a_fit_is_the_weight_decay_of_torchs_sgd()
    {
        const int steps = 10;
        var rows = Samples.RandomRows(rows: 12, width: 5, classes: 2);
        using var module = Stepping.Module();
        using var parameters = new FlatParameters(module);
        Fits.Run(Options(rows, steps, Optimizer.Sgd(0.1, 0.9), Regularizer.L2(0.05)), module, parameters, rows, new FitRandom(1));

        using var reference = Stepping.Module();
        Parameter[] all = [.. reference.ParametersByLayer().SelectMany(layer => layer.Parameters)];
        using var decaying = torch.optim.SGD(all.Where(p => p.dim() >= 2), 0.1, 0.9, weight_decay: 0.05);
        using var others = torch.optim.SGD(all.Where(p => p.dim() < 2), 0.1, 0.9);
        for (var step = 0; step < steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            using var batches = rows.Batches(rows.Count);
            batches.Begin(shuffle: null);
            Assert.IsTrue(batches.Next(out var batch));
            decaying.zero_grad();
            others.zero_grad();
            rows.Objective.Loss(reference, batch).backward();
            decaying.step();
            others.step();
        }

        var expected = all.SelectMany(p => p.data<float>().ToArray()).ToArray();
        var actual = parameters.ToArray();
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5, $"weight {i}");
    }

    [TestMethod]
    public void Adam_with_weight_decay_is_AdamW()
    {
        var rows = Samples.RandomRows(rows: 12, width: 5, classes: 2);
        CollectionAssert.AreEqual(Fit(Optimizer.AdamW(0.02, 0.3)), Fit(Optimizer.Adam(0.02), Regularizer.WeightDecay(0.3)));
        CollectionAssert.AreNotEqual(Fit(Optimizer.AdamW(0.02, 0.3)), Fit(Optimizer.Adam(0.02)));

        float[] Fit(Optimizer optimizer, params Regularizer[] regularizers)
        {
            using var module = Stepping.Module();
            using var parameters = new FlatParameters(module);
            var options = Options(rows, 10, optimizer, regularizers);
            options.Schedule = LearningRateSchedule.Cosine;
            Fits.Run(options, module, parameters, rows, new FitRandom(1));
            return parameters.ToArray();
        }
    }

    [TestMethod]
    public void Max_norm_holds_at_the_end_of_a_fit()
    {
        var rows = Samples.RandomRows(rows: 12, width: 5, classes: 2);
        using var module = Stepping.Module();
        using var parameters = new FlatParameters(module);
        Fits.Run(Options(rows, 10, Optimizer.Adam(0.1), Regularizer.MaxNorm(0.5)), module, parameters, rows, new FitRandom(1));
        foreach (var slice in parameters.Parameters.Where(slice => slice.IsWeight))
            for (var row = 0; row < slice.Rows; row++)
                Assert.IsLessThan(0.5 + 1e-6, L2Norm.Of(parameters.ValueSpan.Slice(slice.Offset + row * slice.Columns, slice.Columns)));
    }

    [TestMethod]
    [DoNotParallelize]
    public void They_allocate_nothing()
    {
        using var module = Stepping.Module();
        using var parameters = new FlatParameters(module);
        Regularizer[] all = [Regularizer.L1(), Regularizer.L2(), Regularizer.WeightDecay(), Regularizer.MaxNorm(0.1)];
        Run(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(500);
        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());

        void Run(int steps)
        {
            for (var step = 0; step < steps; step++)
                foreach (var regularizer in all)
                {
                    regularizer.Penalize(parameters);
                    regularizer.Decay(parameters, 1e-5);
                    regularizer.Constrain(parameters);
                }
        }
    }

    public static IEnumerable<object[]> OutOfRange() =>
    [
        ["Strength", () => { Regularizer.L1(-1e-5).ToString(); }],
        ["Strength", () => { Regularizer.L2(1.1).ToString(); }],
        ["Strength", () => { Regularizer.WeightDecay(double.NaN).ToString(); }],
        ["MaxNorm", () => { Regularizer.MaxNorm(0).ToString(); }],
        ["MaxNorm", () => { Regularizer.MaxNorm(double.PositiveInfinity).ToString(); }],
    ];

    [TestMethod]
    [DynamicData(nameof(OutOfRange))]
    public void A_value_out_of_range_is_refused_by_name(string option, Action set) =>
        Assert.AreEqual(option, Assert.ThrowsExactly<ArgumentOutOfRangeException>(set).ParamName);

    [TestMethod]
    public void They_print_in_one_line()
    {
        Assert.AreEqual("L1(1E-05)", Regularizer.L1().ToString());
        Assert.AreEqual("L2(0.0001)", Regularizer.L2().ToString());
        Assert.AreEqual("WeightDecay(0.01)", Regularizer.WeightDecay().ToString());
        Assert.AreEqual("MaxNorm(3)", Regularizer.MaxNorm().ToString());
    }

    private static DeepNetworkMulticlassTrainer.Options Options(Samples.Rows rows, int steps, Optimizer optimizer, params Regularizer[] regularizers) => new()
    {
        Network = Network.FeedForward(4, 3) with { Normalization = Normalization.Layer, Residual = Residual.Gated() },
        Optimizer = optimizer,
        Regularization = regularizers,
        Clipping = GradientClipper.None,
        BatchSize = rows.Count,
        Schedule = LearningRateSchedule.Constant,
        Epochs = steps,
    };
}
