using System.Runtime.InteropServices;
using Microsoft.ML.GradientStability.Tests.Training;

namespace Microsoft.ML.GradientStability.Tests.Diagnostics;

/// <summary>Each rule on gradients that are written by hand.</summary>
[TestClass]
public sealed class DetectorTests
{
    [TestMethod]
    public void Vanishing_warns_when_it_lasts_and_is_an_error_when_it_goes_on()
    {
        using var bench = new Bench(new() { Clipping = GradientClipper.None }, Detector.VanishingGradient with { Patience = 3 });
        Assert.IsNull(bench.Step(0.9e-4, 1e-2, 0.05), "first/last = 1.8e-3 is healthy");
        Assert.IsNull(bench.Step(1.1e-4, 1e-2, 1), "a first norm above 1e-4 is healthy");
        Assert.IsNull(bench.Step(1e-5, 5e-4, 1));
        Assert.IsNull(bench.Step(1e-5, 5e-4, 1));

        var warning = bench.Step(1e-5, 5e-4, 1)!;
        Assert.AreEqual(Severity.Warning, warning.Severity);
        Assert.AreEqual("hidden layer 1 of 2 (2→4)", warning.Layer);
        Assert.AreEqual(5, warning.Step);
        Assert.AreEqual(1e-5, warning.Measures["first norm"], 1e-10);
        StringAssert.Contains(warning.Evidence, "2 of 3 layers");
        StringAssert.Contains(warning.Evidence, "1E-05");

        for (var step = 4; step < 12; step++)
            Assert.IsNull(bench.Step(1e-5, 5e-4, 1), "reported already");
        Assert.AreEqual(Severity.Error, bench.Step(1e-5, 5e-4, 1)!.Severity);
        Assert.IsNull(bench.Step(1e-5, 5e-4, 1), "reported already");
    }

    [TestMethod]
    public void A_network_that_learns_has_neither_vanishing_nor_exploding_gradients()
    {
        foreach (var detector in new Detector[] { Detector.VanishingGradient with { Patience = 1 }, Detector.ExplodingGradient with { Patience = 1 } })
        {
            using var bench = new Bench(new() { Clipping = GradientClipper.None }, detector);
            // Guessing three classes costs log 3 = 1.0986.
            bench.Loss = 0.9;
            Assert.IsNull(bench.Step(0, 5e-4, 1), $"{detector}");
            Assert.IsNull(bench.Step(1e5, 5e-4, 1), $"{detector}");
            bench.Loss = 20;
            Assert.IsNotNull(bench.Step(detector is VanishingGradientDetector ? 0 : 1e5, 5e-4, 1), $"{detector}");
        }
    }

    [TestMethod]
    public void A_first_layer_without_any_gradient_has_vanished()
    {
        using var bench = new Bench(new(), Detector.VanishingGradient with { Patience = 1 });
        Assert.IsNotNull(bench.Step(0, 0.1, 1));
    }

    [TestMethod]
    [DataRow(400, 800, 600, true, "healthy is up to 1000", DisplayName = "too large")]
    [DataRow(200, 30, 2, true, "100 times the last one's", DisplayName = "grows with depth")]
    [DataRow(5, 0.03, 0.02, false, "", DisplayName = "a ratio of 250 at a norm below 10 harms nothing")]
    [DataRow(300, 300, 300, false, "", DisplayName = "within all limits")]
    public void Exploding(double first, double second, double last, bool found, string evidence)
    {
        using var bench = new Bench(new() { Clipping = GradientClipper.None }, Detector.ExplodingGradient with { Patience = 1 });
        var finding = bench.Step(first, second, last);
        Assert.AreEqual(found, finding is not null);
        if (finding is not null)
            StringAssert.Contains(finding.Evidence, evidence);
    }

    [TestMethod]
    public void Exploding_sees_growth_from_step_to_step()
    {
        using var bench = new Bench(new() { Clipping = GradientClipper.None }, Detector.ExplodingGradient with { Patience = 1 });
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
        Assert.AreEqual("hidden layer 2 of 2 (4→3)", finding.Layer);
        StringAssert.Contains(finding.Evidence, "1 of 15 gradients of the layer");
        StringAssert.Contains(finding.Evidence, "the gradient's norm was 3");
        Assert.IsNull(bench.Step(double.NaN, 1, 1), "reported already");
        Assert.IsNull(bench.Step(1, 1, 1));
        Assert.IsNotNull(bench.Step(1, 1, double.PositiveInfinity), "healthy in between");
    }

    /// <summary>A network 2→4→3→3 whose gradients are set by hand: the first value of each layer is its norm.</summary>
    /// <summary>So that it is over when no other follows.</summary>
    [TestMethod]
    public void The_last_of_the_spikes_of_a_loss_is_kept()
    {
        using var bench = new Bench(new(), Detector.LossSpike with { Patience = 5 });
        foreach (var (loss, lastSeen) in new[] { (1.0, 0), (1.1, 0), (1.0, 0), (1.1, 0), (1.0, 0), (9, 6), (1.0, 6), (1.1, 6), (200, 9), (1.0, 9) })
        {
            bench.Loss = loss;
            Assert.AreEqual(loss > 2, bench.Step(1, 1, 1) is not null);
            Assert.AreEqual(lastSeen, bench.LastSeen);
        }
    }

    private sealed class Bench : IDisposable
    {
        private readonly NetworkModule _module;
        private readonly FlatParameters _parameters;
        private readonly StepObservation _observation = new(3);
        private readonly Detector.Watch _watch;
        private readonly TrainingContext _context;
        private long _step;

        public Bench(DeepNetworkMulticlassTrainer.Options options, Detector detector, DataFacts? data = null)
        {
            options.Network = Network.FeedForward(4, 3) with { Normalization = Normalization.None };
            _module = options.Network.CreateModule(2, 3, options.Initializer);
            _parameters = new FlatParameters(_module);
            _context = new TrainingContext(options, new MulticlassObjective(new UnnamedClassLabels(3), 0, null), _module, _parameters, data ?? DataFacts.Sane(1));
            _watch = detector.Start(_context);
        }

        public double Loss { get; set; } = 2;

        public long LastSeen => _watch.LastSeen;

        public Finding? Step(params double[] norms)
        {
            var gradients = _parameters.GradientSpan;
            gradients.Clear();
            for (var l = 0; l < norms.Length; l++)
                gradients[_parameters.Layers[l].Offset] = (float)norms[l];
            _observation.Read(1, ++_step, Loss, _parameters);
            _context.Evidence.Observe(_observation);
            return _watch.Inspect(_observation);
        }

        public void Dispose()
        {
            _parameters.Dispose();
            _module.Dispose();
        }
    }
}
