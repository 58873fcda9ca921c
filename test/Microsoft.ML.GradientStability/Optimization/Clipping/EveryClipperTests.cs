using System.Reflection;
using System.Text.Json;

namespace Microsoft.ML.GradientStability.Tests.Optimization.Clipping;

/// <summary>What holds for every clipper.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EveryClipperTests
{
    private static readonly GradientClipper[] s_clippers =
    [
        GradientClipper.None,
        GradientClipper.Norm(0.5),
        GradientClipper.Value(0.1),
        GradientClipper.ParameterNorm(0.2),
        GradientClipper.Adaptive() with { Epsilon = 0.01 },
        GradientClipper.Adaptive(0.02) with { ClipOutputLayer = true },
        GradientClipper.AutoClip(25),
        GradientClipper.ZClip(1.5, 0.75) with { Alpha = 0.9, WarmUpSteps = 4, Epsilon = 1e-5 },
        GradientClipper.ZClip(maxNorm: null),
        GradientClipper.AdaGc(1.2, 0.5) with { Beta = 0.9, WarmUpSteps = 4 },
    ];

    public static IEnumerable<object[]> Clippers() => s_clippers.Select(c => new object[] { c });

    [TestMethod]
    public void All_of_them_are_here() => CollectionAssert.AreEquivalent(
        typeof(GradientClipper).GetCustomAttributes<System.Text.Json.Serialization.JsonDerivedTypeAttribute>().Select(a => a.DerivedType).ToArray(),
        s_clippers.Select(c => c.GetType()).Distinct().ToArray());

    [TestMethod]
    [DynamicData(nameof(Clippers))]
    public void A_gradient_of_0_is_left_alone_and_harms_no_later_one(GradientClipper clipper)
    {
        using var bench = new GradientBench(clipper);
        for (var step = 0; step < 200; step++)
        {
            bench.Gradient.Clear();
            Assert.IsFalse(bench.Clip());
            Assert.AreEqual(0, bench.Norm);
        }
        foreach (var gradient in GradientBench.Steps(bench.Parameters, 200))
        {
            gradient.CopyTo(bench.Gradient);
            bench.Clip();
            for (var i = 0; i < gradient.Length; i++)
                Assert.AreEqual(Math.Sign(gradient[i]), Math.Sign(bench.Gradient[i]), "no component dies or turns round");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Clippers))]
    public void Extreme_gradients_stay_finite_and_do_not_grow(GradientClipper clipper)
    {
        using var bench = new GradientBench(clipper);
        foreach (var scale in new[] { 1, 1e-36f, 1e36f, 1e-10f, 1e20f, 1 })
            foreach (var gradient in GradientBench.Steps(bench.Parameters, 8))
            {
                Array.ConvertAll(gradient, g => g * scale).CopyTo(bench.Gradient);
                var before = bench.Norm;
                bench.Clip();
                Assert.IsTrue(double.IsFinite(bench.Norm) && bench.Norm <= before * (1 + 1e-6), $"{before} became {bench.Norm}");
            }
    }

    /// <summary>Gradients that explode from the first step on: bounded by the options, or by nothing.</summary>
    [TestMethod]
    [DynamicData(nameof(Clippers))]
    public void A_clipper_bounds_steps_exactly_where_it_says_so(GradientClipper clipper)
    {
        using var bench = new GradientBench(clipper);
        var greatest = 0.0;
        foreach (var gradient in GradientBench.Steps(bench.Parameters, 50))
        {
            Array.ConvertAll(gradient, g => g * 1e8f).CopyTo(bench.Gradient);
            bench.Clip();
            greatest = Math.Max(greatest, bench.Norm);
        }
        Assert.AreEqual(clipper.BoundsSteps, greatest < 10, $"{greatest}");
        Assert.IsTrue(greatest is < 10 or > 1e6, $"{greatest}");
    }

    [TestMethod]
    [DynamicData(nameof(Clippers))]
    public void Nothing_survives_a_fit(GradientClipper clipper)
    {
        var (first, second) = (Run(), Run());
        CollectionAssert.AreEqual(first, second);

        List<float> Run()
        {
            using var bench = new GradientBench(clipper);
            var clipped = new List<float>();
            foreach (var gradient in GradientBench.Steps(bench.Parameters, 40))
            {
                gradient.CopyTo(bench.Gradient);
                bench.Clip();
                clipped.AddRange(bench.Gradient);
            }
            return clipped;
        }
    }

    [TestMethod]
    [DynamicData(nameof(Clippers))]
    public void A_step_allocates_nothing(GradientClipper clipper)
    {
        const int Steps = 4000;
        using var bench = new GradientBench(clipper);
        var gradients = GradientBench.Steps(bench.Parameters, 60).ToArray();
        Run(200);

        // A history of norms doubles its room now and then; nothing else may allocate.
        var growths = clipper is AutoClipper ? 2 * (int)Math.Log2(Steps) : 0;
        // Where a method is compiled anew the runtime allocates once; a step that allocates does so again.
        Assert.IsTrue(Run(Steps) <= growths || Run(Steps) <= growths);

        int Run(int steps)
        {
            var allocating = 0;
            for (var step = 0; step < steps; step++)
            {
                gradients[step % gradients.Length].CopyTo(bench.Gradient);
                var before = GC.GetAllocatedBytesForCurrentThread();
                bench.Clip();
                if (GC.GetAllocatedBytesForCurrentThread() != before)
                    allocating++;
            }
            return allocating;
        }
    }

    [TestMethod]
    [DynamicData(nameof(Clippers))]
    public void Json_brings_back_an_equal_one(GradientClipper clipper)
    {
        var json = JsonSerializer.Serialize(clipper);
        Assert.AreEqual(clipper, JsonSerializer.Deserialize<GradientClipper>(json), json);
    }

    [TestMethod]
    public void They_print_their_settings() => Assert.AreEqual(
        "None; Norm(0.5); Value(0.1); ParameterNorm(0.2); Adaptive(0.01); Adaptive(0.02, with the output layer); AutoClip(25); "
        + "ZClip(1.5, norm 0.75); ZClip(2.5); AdaGc(1.2, 0.5)", string.Join("; ", s_clippers.AsEnumerable()));

    [TestMethod]
    public void The_defaults_are_the_published_ones()
    {
        Assert.AreEqual(5, GradientClipper.Value().MaxValue);
        Assert.AreEqual(1, GradientClipper.ParameterNorm().MaxNorm);
        var agc = GradientClipper.Adaptive();
        Assert.AreEqual((0.01, 1e-3, false), (agc.ClipFactor, agc.Epsilon, agc.ClipOutputLayer));
        Assert.AreEqual(10, GradientClipper.AutoClip().Percentile);
        var z = GradientClipper.ZClip();
        Assert.AreEqual((0.97, 2.5, 25, 1.0, 1e-6), (z.Alpha, z.ZThreshold, z.WarmUpSteps, z.MaxNorm, z.Epsilon));
        var adaGc = GradientClipper.AdaGc();
        Assert.AreEqual((1.05, 1, 0.98, 100), (adaGc.RelativeThreshold, adaGc.AbsoluteThreshold, adaGc.Beta, adaGc.WarmUpSteps));
    }

    public static IEnumerable<object[]> OutOfRange() =>
    [
        ["MaxValue", () => { GradientClipper.Value(0).ToString(); }],
        ["MaxValue", () => { GradientClipper.Value(double.NaN).ToString(); }],
        ["MaxNorm", () => { GradientClipper.ParameterNorm(-1).ToString(); }],
        ["ClipFactor", () => { GradientClipper.Adaptive(0).ToString(); }],
        ["Epsilon", () => { (GradientClipper.Adaptive() with { Epsilon = 0 }).ToString(); }],
        ["Percentile", () => { GradientClipper.AutoClip(-0.1).ToString(); }],
        ["Percentile", () => { GradientClipper.AutoClip(100.1).ToString(); }],
        ["Percentile", () => { GradientClipper.AutoClip(double.NaN).ToString(); }],
        ["ZThreshold", () => { GradientClipper.ZClip(0).ToString(); }],
        ["MaxNorm", () => { GradientClipper.ZClip(maxNorm: 0).ToString(); }],
        ["Alpha", () => { (GradientClipper.ZClip() with { Alpha = 1 }).ToString(); }],
        ["Alpha", () => { (GradientClipper.ZClip() with { Alpha = -0.1 }).ToString(); }],
        ["Epsilon", () => { (GradientClipper.ZClip() with { Epsilon = double.PositiveInfinity }).ToString(); }],
        ["WarmUpSteps", () => { (GradientClipper.ZClip() with { WarmUpSteps = 1 }).ToString(); }],
        ["RelativeThreshold", () => { GradientClipper.AdaGc(0.99).ToString(); }],
        ["RelativeThreshold", () => { GradientClipper.AdaGc(double.PositiveInfinity).ToString(); }],
        ["AbsoluteThreshold", () => { GradientClipper.AdaGc(absoluteThreshold: 0).ToString(); }],
        ["Beta", () => { (GradientClipper.AdaGc() with { Beta = 1 }).ToString(); }],
        ["WarmUpSteps", () => { (GradientClipper.AdaGc() with { WarmUpSteps = 0 }).ToString(); }],
    ];

    [TestMethod]
    [DynamicData(nameof(OutOfRange))]
    public void An_option_out_of_range_is_refused_by_name(string option, Action set)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(set);
        Assert.AreEqual(option, error.ParamName);
        StringAssert.StartsWith(error.Message, $"{option} is ");
    }
}
