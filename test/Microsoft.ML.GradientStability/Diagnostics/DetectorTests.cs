using System.Runtime.InteropServices;
using Microsoft.ML.GradientStability.Tests.Training;

namespace Microsoft.ML.GradientStability.Tests.Diagnostics;

/// <summary>Each rule on gradients that are written by hand.</summary>
[TestClass]
public sealed class DetectorTests
{
    [TestMethod]
    public void Vanishing_warns_when_it_begins_and_is_an_error_when_it_lasts()
    {
        using var bench = new Bench(new() { Clipping = GradientClipper.None }, Detector.VanishingGradient with { Patience = 3 });
        Assert.IsNull(bench.Step(0.9e-4, 1e-2, 0.05), "first/last = 1.8e-3 is healthy");
        Assert.IsNull(bench.Step(1.1e-4, 1e-2, 1), "a first norm above 1e-4 is healthy");

        var warning = bench.Step(1e-5, 5e-4, 1)!;
        Assert.AreEqual(Severity.Warning, warning.Severity);
        Assert.AreEqual("hidden1 (2→4)", warning.Layer);
        Assert.AreEqual(3, warning.Step);
        StringAssert.Contains(warning.Evidence, "2 of 3 layers");
        StringAssert.Contains(warning.Evidence, "1E-05");

        Assert.IsNull(bench.Step(1e-5, 5e-4, 1), "reported already");
        Assert.AreEqual(Severity.Error, bench.Step(1e-5, 5e-4, 1)!.Severity);
        Assert.IsNull(bench.Step(1e-5, 5e-4, 1), "reported already");
    }

    [TestMethod]
    public void A_first_layer_without_any_gradient_has_vanished()
    {
        using var bench = new Bench(new(), Detector.VanishingGradient);
        Assert.IsNotNull(bench.Step(0, 0.1, 1));
    }

    /// <summary>Fixup's output layer starts at 0.</summary>
    [TestMethod]
    public void An_output_layer_of_zeros_passes_nothing_back_at_the_first_step()
    {
        using var bench = new Bench(new(), Detector.VanishingGradient with { Patience = 3 });
        Assert.IsNull(bench.Step(0, 0, 1));
        Assert.AreEqual(Severity.Warning, bench.Step(0, 0, 1)!.Severity, "and one that stays there has vanished");
        Assert.IsNull(bench.Step(0, 0, 1), "reported already");
        Assert.AreEqual(Severity.Error, bench.Step(0, 0, 1)!.Severity);
    }

    [TestMethod]
    [DataRow(400, 800, 600, true, "healthy is up to 1000", DisplayName = "too large")]
    [DataRow(200, 30, 2, true, "100 times the last one's", DisplayName = "grows with depth")]
    [DataRow(5, 0.03, 0.02, false, "", DisplayName = "a ratio of 250 at a norm below 10 harms nothing")]
    [DataRow(300, 300, 300, false, "", DisplayName = "within all limits")]
    public void Exploding(double first, double second, double last, bool found, string evidence)
    {
        using var bench = new Bench(new() { Clipping = GradientClipper.None }, Detector.ExplodingGradient);
        var finding = bench.Step(first, second, last);
        Assert.AreEqual(found, finding is not null);
        if (finding is not null)
            StringAssert.Contains(finding.Evidence, evidence);
    }

    [TestMethod]
    public void Exploding_sees_growth_from_step_to_step()
    {
        using var bench = new Bench(new() { Clipping = GradientClipper.None }, Detector.ExplodingGradient);
        for (var step = 0; step < 20; step++)
            Assert.IsNull(bench.Step(0.1, 0.1, 0.1));
        var finding = bench.Step(20, 20, 20)!;
        StringAssert.Contains(finding.Evidence, "200 times its running mean");
    }

    [TestMethod]
    public void Exploding_lasts_into_an_error_only_where_no_clipping_bounds_the_steps()
    {
        foreach (var (clipper, expected) in new (GradientClipper, int)[]
            { (GradientClipper.None, 1), (GradientClipper.Norm(), 0), (GradientClipper.Value(), 0), (GradientClipper.AutoClip(), 1) })
        {
            using var bench = new Bench(new() { Clipping = clipper }, Detector.ExplodingGradient with { Patience = 2 });
            var findings = Enumerable.Range(0, 10).Select(_ => bench.Step(1e4, 1e4, 1e4)).OfType<Finding>().ToArray();
            Assert.AreEqual(expected, findings.Count(f => f.Severity == Severity.Error), clipper.ToString());
            Assert.AreEqual(1, findings.Count(f => f.Severity == Severity.Warning), clipper.ToString());
        }
    }

    [TestMethod]
    public void Non_finite_names_the_layer_where_backward_met_it_first()
    {
        using var bench = new Bench(new(), Detector.NonFiniteGradient);
        Assert.IsNull(bench.Step(1, 2, 2));
        var finding = bench.Step(double.NaN, double.NaN, 1)!;
        Assert.AreEqual(Severity.Error, finding.Severity);
        Assert.AreEqual("hidden2 (4→3)", finding.Layer);
        StringAssert.Contains(finding.Evidence, "1 of 15 gradients of the layer");
        StringAssert.Contains(finding.Evidence, "the gradient's norm was 3");
        Assert.IsNull(bench.Step(double.NaN, 1, 1), "reported already");
        Assert.IsNull(bench.Step(1, 1, 1));
        Assert.IsNotNull(bench.Step(1, 1, double.PositiveInfinity), "healthy in between");
    }

    [TestMethod]
    public void Causes_name_the_factor_of_the_initial_weights()
    {
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward([.. Enumerable.Repeat(100, 20)]) with { Normalization = Normalization.None },
            Initializer = Initializer.XavierNormal with { Gain = 2 },
            Clipping = GradientClipper.None,
        };
        using var module = options.Network.CreateModule(100, 10, options.Initializer);
        var causes = new CauseAnalysis(options, module, greatestFeature: 1);
        // √(½·gain²·2/(fan-in + fan-out)·fan-in) = √½·2 = 1.41 for equal widths.
        StringAssert.Contains(causes.OfExplosion(), "by about 1.4");
        StringAssert.Contains(causes.OfExplosion(), "XavierNormal, gain 2");
    }

    [TestMethod]
    [DataRow(1e-30)]
    [DataRow(1e30)]
    public void Causes_name_weights_that_single_precision_cannot_compute_with(double gain)
    {
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward(8, 8) with { Activation = Activation.Gelu, WeightParametrization = WeightParametrization.WeightNormalization },
            Initializer = Initializer.Orthogonal with { Gain = gain },
        };
        using var module = options.Network.CreateModule(4, 2, options.Initializer);
        var causes = new CauseAnalysis(options, module, greatestFeature: 1);
        StringAssert.Contains(causes.OfExplosion(), $"({options.Initializer}) are so large or so small");
        Assert.IsInstanceOfType<UseHeInitializer>(causes.RemediesOfExplosion()[0]);
    }

    [TestMethod]
    public void Causes_name_unscaled_features_first()
    {
        using var bench = new Bench(new() { Clipping = GradientClipper.None, StandardizeFeatures = false }, Detector.ExplodingGradient, greatestFeature: 2501);
        StringAssert.Contains(bench.Step(1e5, 1, 1)!.Cause, "features reach 2501");
    }

    /// <summary>A network 2→4→3→3 whose gradients are set by hand: the first value of each layer is its norm.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly NetworkModule _module;
        private readonly FlatParameters _parameters;
        private readonly StepObservation _observation = new(3);
        private readonly Detector.Watch _watch;
        private long _step;

        public Bench(DeepNetworkMulticlassTrainer.Options options, Detector detector, double greatestFeature = 1)
        {
            options.Network = Network.FeedForward(4, 3) with { Normalization = Normalization.None };
            _module = options.Network.CreateModule(2, 3, options.Initializer);
            _parameters = new FlatParameters(_module);
            _watch = detector.Start(new TrainingContext(options, new MulticlassObjective(new UnnamedClassLabels(3), 0, null), _module, _parameters, greatestFeature));
        }

        public Finding? Step(params double[] norms)
        {
            var gradients = MemoryMarshal.Cast<byte, float>(_parameters.Gradients.bytes);
            gradients.Clear();
            for (var l = 0; l < norms.Length; l++)
                gradients[_parameters.Layers[l].Offset] = (float)norms[l];
            _observation.Read(1, ++_step, loss: 1, _parameters);
            return _watch.Inspect(_observation);
        }

        public void Dispose()
        {
            _parameters.Dispose();
            _module.Dispose();
        }
    }
}
