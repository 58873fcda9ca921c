using static Microsoft.ML.GradientStability.Tests.Optimization.Optimizers.Stepping;

namespace Microsoft.ML.GradientStability.Tests.Optimization.Optimizers;

/// <summary>
/// Every algorithm against its formula, that of PyTorch's documentation where PyTorch has it and else of the paper, in double
/// precision; with an ε that counts, at a place of its own in each.
/// </summary>
[TestClass]
public sealed class OptimizerTests
{
    private const double B1 = 0.8, B2 = 0.95, Eps = 0.03, Decay = 0.3;

    public static IEnumerable<object[]> All() =>
    [
        [Optimizer.Sgd(0.01, 0.9) with { Nesterov = true }], [Optimizer.Adam()], [Optimizer.AmsGrad()], [Optimizer.AdamW()],
        [Optimizer.StableAdamW()], [Optimizer.NAdam()], [Optimizer.RAdam()], [Optimizer.Lamb()],
        [Optimizer.RmsProp() with { Centered = true, Momentum = 0.9 }], [Optimizer.Adagrad()],
    ];

    [TestMethod]
    [DataRow(0.0, false)]
    [DataRow(0.9, false)]
    [DataRow(0.9, true)]
    public void Sgd(double momentum, bool nesterov) =>
        Follows(Optimizer.Sgd(0.01, momentum) with { Nesterov = nesterov }, (n, _) =>
        {
            var v = new double[n];
            return (w, g, t, rate) =>
            {
                for (var i = 0; i < n; i++)
                {
                    v[i] = t == 1 ? g[i] : momentum * v[i] + g[i];
                    w[i] -= rate * (nesterov ? g[i] + momentum * v[i] : v[i]);
                }
            };
        });

    [TestMethod]
    public void Nesterov_without_momentum_does_not_start()
    {
        using var module = Module();
        using var parameters = new FlatParameters(module);
        Assert.ThrowsExactly<ArgumentException>(() => (Optimizer.Sgd() with { Nesterov = true }).Start(parameters));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Adam(bool amsGrad) =>
        Follows(Optimizer.Adam(0.01) with { Beta1 = B1, Beta2 = B2, Epsilon = Eps, AmsGrad = amsGrad }, (n, _) => AdamStep(n, amsGrad));

    [TestMethod]
    public void AmsGrad_is_Adam_with_AmsGrad() => Assert.AreEqual(Optimizer.Adam(0.02) with { AmsGrad = true }, Optimizer.AmsGrad(0.02));

    [TestMethod]
    public void AdamW() =>
        Follows(Optimizer.AdamW(0.01, Decay) with { Beta1 = B1, Beta2 = B2, Epsilon = Eps }, (n, isWeight) =>
        {
            var adam = AdamStep(n, amsGrad: false);
            return (w, g, t, rate) =>
            {
                for (var i = 0; isWeight && i < n; i++)
                    w[i] -= rate * Decay * w[i];
                adam(w, g, t, rate);
            };
        });

    [TestMethod]
    public void NAdam() =>
        Follows(Optimizer.NAdam(0.01) with { Beta1 = B1, Beta2 = B2, Epsilon = Eps, MomentumDecay = 0.5 }, (n, _) =>
        {
            var (m, v, product) = (new double[n], new double[n], 1.0);
            return (w, g, t, rate) =>
            {
                var (mu, next) = (Mu(t), Mu(t + 1));
                product *= mu;
                for (var i = 0; i < n; i++)
                {
                    m[i] = B1 * m[i] + (1 - B1) * g[i];
                    v[i] = B2 * v[i] + (1 - B2) * g[i] * g[i];
                    var mean = next * m[i] / (1 - product * next) + (1 - mu) * g[i] / (1 - product);
                    w[i] -= rate * mean / (Math.Sqrt(v[i] / (1 - Math.Pow(B2, t))) + Eps);
                }
            };

            static double Mu(int t) => B1 * (1 - 0.5 * Math.Pow(0.96, t * 0.5));
        });

    [TestMethod]
    [DataRow(false, 0.0)]
    [DataRow(false, 0.9)]
    [DataRow(true, 0.0)]
    [DataRow(true, 0.9)]
    public void RmsProp(bool centered, double momentum) =>
        Follows(Optimizer.RmsProp() with { Alpha = 0.9, Epsilon = Eps, Centered = centered, Momentum = momentum }, (n, _) =>
        {
            var (v, a, b) = (new double[n], new double[n], new double[n]);
            return (w, g, t, rate) =>
            {
                for (var i = 0; i < n; i++)
                {
                    v[i] = 0.9 * v[i] + 0.1 * g[i] * g[i];
                    a[i] = 0.9 * a[i] + 0.1 * g[i];
                    b[i] = momentum * b[i] + g[i] / (Math.Sqrt(centered ? v[i] - a[i] * a[i] : v[i]) + Eps);
                    w[i] -= rate * b[i];
                }
            };
        });

    [TestMethod]
    public void Adagrad() =>
        Follows(Optimizer.Adagrad() with { LearningRateDecay = 0.2, InitialAccumulator = 0.5, Epsilon = Eps }, (n, _) =>
        {
            var sum = Enumerable.Repeat(0.5, n).ToArray();
            return (w, g, t, rate) =>
            {
                for (var i = 0; i < n; i++)
                {
                    sum[i] += g[i] * g[i];
                    w[i] -= rate / (1 + (t - 1) * 0.2) * g[i] / (Math.Sqrt(sum[i]) + Eps);
                }
            };
        });

    [TestMethod]
    [DataRow(0.999)]
    [DataRow(0.9)]
    public void RAdam(double beta2)
    {
        var (plain, rectified) = (0, 0);
        Follows(Optimizer.RAdam(0.01) with { Beta1 = B1, Beta2 = beta2, Epsilon = Eps }, (n, _) =>
        {
            var (m, v) = (new double[n], new double[n]);
            return (w, g, t, rate) =>
            {
                var limit = 2 / (1 - beta2) - 1;
                var rho = limit - 2 * t * Math.Pow(beta2, t) / (1 - Math.Pow(beta2, t));
                var r = Math.Sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho));
                plain += rho > 5 ? 0 : 1;
                rectified += rho > 5 ? 1 : 0;
                for (var i = 0; i < n; i++)
                {
                    m[i] = B1 * m[i] + (1 - B1) * g[i];
                    v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                    var step = m[i] / (1 - Math.Pow(B1, t));
                    w[i] -= rate * (rho > 5 ? r * step * Math.Sqrt(1 - Math.Pow(beta2, t)) / (Math.Sqrt(v[i]) + Eps) : step);
                }
            };
        });
        Assert.IsTrue(plain > 0 && rectified > 0);
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(10.0)]
    public void Lamb(double maxWeightNorm)
    {
        var clamped = 0;
        Follows(Optimizer.Lamb(0.01, Decay) with { Beta1 = B1, Beta2 = B2, Epsilon = Eps, MaxWeightNorm = maxWeightNorm }, (n, isWeight) =>
        {
            var direction = AdamDirection(n, amsGrad: false);
            return (w, g, t, rate) =>
            {
                var r = direction(g, t);
                for (var i = 0; isWeight && i < n; i++)
                    r[i] += Decay * w[i];
                var norm = Norm(w);
                clamped += isWeight && norm > maxWeightNorm ? 1 : 0;
                var trust = isWeight ? Math.Min(norm, maxWeightNorm) / Norm(r) : 1;
                for (var i = 0; i < n; i++)
                    w[i] -= rate * trust * r[i];
            };
        });
        Assert.AreEqual(maxWeightNorm == 1, clamped > 0);
    }

    [TestMethod]
    public void Lamb_moves_weights_of_0_by_the_plain_step_and_rests_where_there_is_none()
    {
        using var module = Module();
        using var parameters = new FlatParameters(module);
        var state = Optimizer.Lamb(0.01).Start(parameters);
        parameters.ValueSpan.Clear();
        state.Step(0.01);
        Assert.IsTrue(parameters.ToArray().All(w => w == 0));

        parameters.GradientSpan.Fill(2);
        state.Step(0.01);
        // m̂ and v̂ of the gradients 0 and 2.
        var step = 2 * 0.1 / 0.19 / (2 * Math.Sqrt(0.001 / 0.001999) + 1e-6);
        foreach (var weight in parameters.ToArray())
            Assert.AreEqual(-0.01 * step, weight, 1e-7);
    }

    [TestMethod]
    public void StableAdamW()
    {
        var (slowed, full) = (0, 0);
        Follows(Optimizer.StableAdamW(0.01, Decay) with { Beta1 = B1, Beta2 = B2, Epsilon = Eps }, (n, isWeight) =>
        {
            var (v, u) = (new double[n], new double[n]);
            return (w, g, t, rate) =>
            {
                var beta1 = B1 * (1 - Math.Pow(B1, t - 1)) / (1 - Math.Pow(B1, t));
                var beta2 = B2 * (1 - Math.Pow(B2, t - 1)) / (1 - Math.Pow(B2, t));
                var mean = 0.0;
                for (var i = 0; i < n; i++)
                {
                    v[i] = beta1 * v[i] + (1 - beta1) * g[i];
                    u[i] = beta2 * u[i] + (1 - beta2) * g[i] * g[i];
                    mean += g[i] * g[i] / Math.Max(u[i], Eps * Eps) / n;
                }
                var eta = rate / Math.Max(1, Math.Sqrt(mean));
                slowed += mean > 1 ? 1 : 0;
                full += mean > 1 ? 0 : 1;
                for (var i = 0; i < n; i++)
                    w[i] -= eta * (isWeight ? Decay * w[i] : 0) + eta * v[i] / (Math.Sqrt(u[i]) + Eps);
            };
        });
        Assert.IsTrue(slowed > 0 && full > 0);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Without_gradients_only_weight_matrices_decay(object optimizer)
    {
        using var module = Module();
        using var parameters = new FlatParameters(module);
        parameters.ValueSpan.Fill(0.5f);
        var state = ((Optimizer)optimizer).Start(parameters);
        state.Step(0.1);

        foreach (var slice in parameters.Parameters)
        {
            // λ = 0.01, and LAMB's step is as long as the weights are: η·‖w‖ of decay alone.
            var expected = !slice.IsWeight ? 0.5 : optimizer switch
            {
                LambOptimizer => 0.5 * (1 - 0.1),
                AdamWOptimizer or StableAdamWOptimizer => 0.5 * (1 - 0.1 * 0.01),
                _ => 0.5,
            };
            foreach (var weight in parameters.ValueSpan.Slice(slice.Offset, slice.Length))
                Assert.AreEqual(expected, weight, 1e-7, $"{optimizer}");
        }
        Assert.AreEqual(optimizer is AdamWOptimizer or StableAdamWOptimizer or LambOptimizer, ((Optimizer)optimizer).DecaysWeights);
        Assert.AreEqual(optimizer is not SgdOptimizer, ((Optimizer)optimizer).IsAdaptive);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Two_fits_share_nothing(object optimizer)
    {
        CollectionAssert.AreEqual(Run(), Run());

        float[] Run()
        {
            using var module = Module();
            using var parameters = new FlatParameters(module);
            var state = ((Optimizer)optimizer).Start(parameters);
            for (var t = 0; t < 3; t++)
            {
                Fill(parameters.GradientSpan, new Random(t));
                state.Step(0.01);
            }
            return parameters.ToArray();
        }
    }

    [TestMethod]
    [DoNotParallelize]
    public void Steps_allocate_nothing()
    {
        using var module = Module();
        using var parameters = new FlatParameters(module);
        Fill(parameters.GradientSpan, new Random(1));
        var every = All().Select(row => (Optimizer)row[0]).Append(Optimizer.Sgd()).ToArray();
        foreach (var optimizer in every)
        {
            var state = optimizer.Start(parameters);
            for (var t = 0; t < 10; t++)
                state.Step(1e-5);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var t = 0; t < 500; t++)
                state.Step(1e-5);
            Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread(), $"{optimizer}");
        }
    }

    public static IEnumerable<object[]> OutOfRange() =>
    [
        ["LearningRate", () => { Optimizer.AmsGrad(0).ToString(); }],
        ["LearningRate", () => { Optimizer.AdamW(double.PositiveInfinity).ToString(); }],
        ["LearningRate", () => { Optimizer.StableAdamW(-1).ToString(); }],
        ["LearningRate", () => { Optimizer.NAdam(0).ToString(); }],
        ["LearningRate", () => { Optimizer.RAdam(0).ToString(); }],
        ["LearningRate", () => { Optimizer.Lamb(0).ToString(); }],
        ["LearningRate", () => { Optimizer.RmsProp(0).ToString(); }],
        ["LearningRate", () => { Optimizer.Adagrad(0).ToString(); }],
        ["WeightDecay", () => { Optimizer.AdamW(weightDecay: 1.1).ToString(); }],
        ["WeightDecay", () => { Optimizer.StableAdamW(weightDecay: -0.1).ToString(); }],
        ["WeightDecay", () => { Optimizer.Lamb(weightDecay: double.NaN).ToString(); }],
        ["Beta1", () => { (Optimizer.AdamW() with { Beta1 = 1 }).ToString(); }],
        ["Beta1", () => { (Optimizer.StableAdamW() with { Beta1 = -0.1 }).ToString(); }],
        ["Beta1", () => { (Optimizer.NAdam() with { Beta1 = 1 }).ToString(); }],
        ["Beta1", () => { (Optimizer.RAdam() with { Beta1 = 1 }).ToString(); }],
        ["Beta1", () => { (Optimizer.Lamb() with { Beta1 = 1 }).ToString(); }],
        ["Beta2", () => { (Optimizer.AdamW() with { Beta2 = 1 }).ToString(); }],
        ["Beta2", () => { (Optimizer.StableAdamW() with { Beta2 = 1 }).ToString(); }],
        ["Beta2", () => { (Optimizer.NAdam() with { Beta2 = 1 }).ToString(); }],
        ["Beta2", () => { (Optimizer.RAdam() with { Beta2 = -1 }).ToString(); }],
        ["Beta2", () => { (Optimizer.Lamb() with { Beta2 = double.NaN }).ToString(); }],
        ["Epsilon", () => { (Optimizer.AdamW() with { Epsilon = 0 }).ToString(); }],
        ["Epsilon", () => { (Optimizer.StableAdamW() with { Epsilon = 0 }).ToString(); }],
        ["Epsilon", () => { (Optimizer.NAdam() with { Epsilon = -1 }).ToString(); }],
        ["Epsilon", () => { (Optimizer.RAdam() with { Epsilon = 0 }).ToString(); }],
        ["Epsilon", () => { (Optimizer.Lamb() with { Epsilon = 0 }).ToString(); }],
        ["Epsilon", () => { (Optimizer.RmsProp() with { Epsilon = 0 }).ToString(); }],
        ["Epsilon", () => { (Optimizer.Adagrad() with { Epsilon = 0 }).ToString(); }],
        ["MaxWeightNorm", () => { (Optimizer.Lamb() with { MaxWeightNorm = 0 }).ToString(); }],
        ["MomentumDecay", () => { (Optimizer.NAdam() with { MomentumDecay = -0.1 }).ToString(); }],
        ["Alpha", () => { (Optimizer.RmsProp() with { Alpha = 1 }).ToString(); }],
        ["Momentum", () => { (Optimizer.RmsProp() with { Momentum = 1 }).ToString(); }],
        ["LearningRateDecay", () => { (Optimizer.Adagrad() with { LearningRateDecay = double.PositiveInfinity }).ToString(); }],
        ["InitialAccumulator", () => { (Optimizer.Adagrad() with { InitialAccumulator = -1 }).ToString(); }],
    ];

    [TestMethod]
    [DynamicData(nameof(OutOfRange))]
    public void A_value_out_of_range_is_refused_by_name(string option, Action set) =>
        Assert.AreEqual(option, Assert.ThrowsExactly<ArgumentOutOfRangeException>(set).ParamName);

    [TestMethod]
    public void They_print_what_distinguishes_them()
    {
        Assert.AreEqual("Sgd(0.1, Nesterov momentum 0.9)", (Optimizer.Sgd(0.1, 0.9) with { Nesterov = true }).ToString());
        Assert.AreEqual("AmsGrad(0.001)", Optimizer.AmsGrad().ToString());
        Assert.AreEqual("AdamW(0.001, weight decay 0.01)", Optimizer.AdamW().ToString());
        Assert.AreEqual("RmsProp(0.01, centered, momentum 0.5)", (Optimizer.RmsProp() with { Centered = true, Momentum = 0.5 }).ToString());
    }

    private static Step AdamStep(int n, bool amsGrad)
    {
        var direction = AdamDirection(n, amsGrad);
        return (w, g, t, rate) =>
        {
            var r = direction(g, t);
            for (var i = 0; i < n; i++)
                w[i] -= rate * r[i];
        };
    }

    private delegate double[] Direction(ReadOnlySpan<float> gradients, int t);

    /// <summary>m̂/(√v̂ + ε).</summary>
    private static Direction AdamDirection(int n, bool amsGrad)
    {
        var (m, v, greatest) = (new double[n], new double[n], new double[n]);
        return (g, t) =>
        {
            var r = new double[n];
            for (var i = 0; i < n; i++)
            {
                m[i] = B1 * m[i] + (1 - B1) * g[i];
                v[i] = B2 * v[i] + (1 - B2) * g[i] * g[i];
                greatest[i] = Math.Max(greatest[i], v[i]);
                r[i] = m[i] / (1 - Math.Pow(B1, t)) / (Math.Sqrt((amsGrad ? greatest[i] : v[i]) / (1 - Math.Pow(B2, t))) + Eps);
            }
            return r;
        };
    }

    private static double Norm(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value * value;
        return Math.Sqrt(sum);
    }
}
