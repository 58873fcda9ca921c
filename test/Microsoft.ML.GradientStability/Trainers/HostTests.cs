using Microsoft.ML.Runtime;
using Microsoft.ML.GradientStability.Tests.Networks;
using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>What a program around a fit sets in LibTorch and in its context: a fit takes nothing of it, and leaves it as it was.</summary>
[TestClass]
[DoNotParallelize]
public sealed class HostTests
{
    public static IEnumerable<object[]> Settings() =>
        from setting in ((string Name, Func<IDisposable> Set)[])
        [
            ("no_grad", torch.no_grad),
            ("inference_mode", () => torch.inference_mode()),
            ("inference_mode around no_grad", () => Both(torch.inference_mode(), torch.no_grad())),
            ("a dispose scope", torch.NewDisposeScope),
            ("default type Double", () => Until(() => torch.set_default_dtype(torch.float64), () => torch.set_default_dtype(torch.float32))),
            ("default type BFloat16", () => Until(() => torch.set_default_dtype(torch.bfloat16), () => torch.set_default_dtype(torch.float32))),
            ("default device meta", () => Until(() => torch.set_default_device(torch.META), () => torch.set_default_device(torch.CPU))),
            ("anomaly mode", () => torch.autograd.set_detect_anomaly(true)),
            ("another generator state", () => Until(() => torch.manual_seed(99), () => { })),
            ("two threads", () => Until(() => torch.set_num_threads(2), () => torch.set_num_threads(1))),
        ]
        select new object[] { setting.Name, setting.Set };

    /// <summary>Everything that could draw, allocate or differentiate.</summary>
    private static void Everything(SupervisedOptions o)
    {
        o.Network = Network.FeedForward(12, 12, 12) with
        {
            Activation = Activation.PRelu(),
            Normalization = Normalization.Batch,
            WeightParametrization = WeightParametrization.SpectralNormalization,
            Residual = Residual.Gated(0.5) with { StochasticDepth = 0.2 },
            Dropout = 0.1,
        };
        (o.Initializer, o.Epochs, o.ValidationFraction, o.EmaDecay) = (Initializer.Lsuv, 3, 0.2, 0.9);
    }

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void A_fit_gives_the_same_bits_and_leaves_them_as_they_were(string name, Func<IDisposable> set)
    {
        foreach (var task in new[] { EveryTask.Binary, EveryTask.Multiclass, EveryTask.Regression })
        {
            var (onnx, curve) = Run(task);
            using (set())
            {
                var before = State();
                var (onnxHere, curveHere) = Run(task);
                Assert.AreEqual(before, State(), name);
                CollectionAssert.AreEqual(onnx, onnxHere, $"{name}, {task}");
                CollectionAssert.AreEqual(curve, curveHere, $"{name}, {task}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void An_autoencoder_and_every_normalization_fit_alike(string name, Func<IDisposable> set)
    {
        var ml = new MLContext(seed: 1);
        var data = EveryTask.Load(ml, EveryTask.Rows(60));
        foreach (var normalization in Known.All<Normalization>())
        {
            var expected = Fit();
            using (set())
                CollectionAssert.AreEqual(expected, Fit(), $"{name}, {normalization}");

            byte[] Fit()
            {
                var network = Network.FeedForward(8) with { Normalization = normalization is GroupNormalization ? Normalization.Group(2) : normalization };
                using var model = ml.Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options { Network = network, Epochs = 2, EmbeddingSize = 2, Seed = 1, Initializer = Initializer.Default }).Fit(data);
                return model.Onnx.ToArray();
            }
        }
    }

    [TestMethod]
    public void A_fit_that_fails_leaves_them_as_they_were_too()
    {
        var ml = new MLContext(seed: 1);
        var data = EveryTask.Load(ml, EveryTask.Rows());
        using var frozen = torch.no_grad();
        var before = State();
        Assert.ThrowsExactly<GradientStabilityException>(() => EveryTask.Fit(ml, EveryTask.Regression, data,
            o => (o.Optimizer, o.Clipping, o.Epochs) = (Optimizer.Sgd(1e25), GradientClipper.None, 3)));
        Assert.ThrowsExactly<NotSupportedException>(() => EveryTask.Fit(ml, EveryTask.Regression, data,
            o => o.Progress = new EveryTask.Reports(_ => throw new NotSupportedException())));
        Assert.AreEqual(before, State());
    }

    [TestMethod]
    public void Threads_are_set_for_the_fit_alone()
    {
        var ml = new MLContext(seed: 1);
        var data = EveryTask.Load(ml, EveryTask.Rows());
        torch.set_num_threads(2);
        try
        {
            // The work of so small a network bounds them, whatever is allowed.
            foreach (var threads in new int?[] { null, 3 })
            {
                var (inside, onOther, onNew) = (0, 0, 0);
                using var started = new Barrier(2);
                using var done = new Barrier(2);
                var other = new Thread(() =>
                {
                    torch.get_num_threads();
                    started.SignalAndWait();
                    done.SignalAndWait();
                    onOther = torch.get_num_threads();
                });
                other.Start();
                started.SignalAndWait();
                var options = EveryTask.Options<DeepNetworkRegressionTrainer.Options>("Number", o => o.Epochs = 1);
                options.Threads = threads;
                options.Progress = new EveryTask.Reports(_ =>
                {
                    inside = torch.get_num_threads();
                    onNew = OnNewThread(torch.get_num_threads);
                });
                using var model = ml.Regression.Trainers.DeepNetwork(options).Fit(data);
                done.SignalAndWait();
                other.Join();
                Assert.AreEqual((1, 2, 2, 2, 2), (inside, onNew, onOther, torch.get_num_threads(), OnNewThread(torch.get_num_threads)));
            }
        }
        finally
        {
            torch.set_num_threads(1);
        }
    }

    [TestMethod]
    public void Threads_follow_the_size_of_the_work()
    {
        Assert.AreEqual(1, Cores.For(64, 256 * 256));
        Assert.AreEqual(1, Cores.For(255, 256 * 256));
        Assert.AreEqual(Math.Min(2, Environment.ProcessorCount), Cores.For(256, 256 * 256));
        Assert.AreEqual(Environment.ProcessorCount, Cores.For(1 << 20, 65536L * 65536));
        // The recurrent and the residual network of the benchmark, which LibTorch's graph trains, are too small for a second thread.
        Assert.AreEqual(1, Cores.For(64, (Network.Recurrent(RecurrentCell.Lstm(), 64) with { Input = InputShape.Sequence(50, 16) }).LargestMatrix(800, 10)));
        Assert.AreEqual(1, Cores.For(64, (Network.Convolutional(16) with { Input = InputShape.Image(1, 8, 8), Layers = 6 }).LargestMatrix(64, 10)));
        Assert.AreEqual(300L * 500, Network.FeedForward(500, 20).LargestMatrix(300, 10));
        Assert.AreEqual(20L * 90_000, Network.FeedForward(500, 20).LargestMatrix(3, 90_000));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    public void Threads_are_at_least_one(int threads) => Assert.AreEqual(nameof(DeepNetworkOptions.Threads),
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DeepNetworkBinaryTrainer.Options { Threads = threads }).ParamName);

    [TestMethod]
    public void A_GPU_that_is_asked_for_is_answered()
    {
        var ml = new MLContext(seed: 1) { GpuDeviceId = 2 };
        var warnings = new List<string>();
        ml.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        var data = EveryTask.Load(ml, EveryTask.Rows());
        var fluent = ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes", o => (o.Epochs, o.Detectors) = (1, [])));
        var made = new DeepNetworkBinaryTrainer(ml, EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes", o => (o.Epochs, o.Detectors) = (1, [])));
        foreach (var trainer in new[] { fluent, made })
        {
            (ml.GpuDeviceId, ml.FallbackToCpu) = (2, false);
            foreach (var call in new Action[] { () => trainer.Fit(data), () => trainer.FindLearningRate(data) })
            {
                var error = Assert.ThrowsExactly<InvalidOperationException>(call);
                StringAssert.Contains(error.Message, "asks for GPU 2");
                StringAssert.Contains(error.Message, "not for training and scoring");
                StringAssert.Contains(error.Message, "add the package TorchSharp-cuda-linux or TorchSharp-cuda-windows");
                StringAssert.Contains(error.Message, "add the package Microsoft.ML.OnnxRuntime.Gpu");
                StringAssert.Contains(error.Message, "set the context's GpuDeviceId to null, or its FallbackToCpu to true");
            }
            Assert.IsEmpty(warnings);

            ml.FallbackToCpu = true;
            using (trainer.Fit(data))
                StringAssert.Contains(warnings.Single(), "asks for GPU 2");
            warnings.Clear();

            (ml.GpuDeviceId, ml.FallbackToCpu) = (null, false);
            using (trainer.Fit(data))
                Assert.IsEmpty(warnings);
        }
    }

    /// <summary>Should ML.NET rename what <see cref="HostSettings"/> reads, this test says so.</summary>
    [TestMethod]
    public void What_the_context_keeps_for_its_own_trainers_can_be_read()
    {
        var ml = new MLContext { GpuDeviceId = 5, FallbackToCpu = true };
        Assert.AreEqual(5, HostSettings.GpuDeviceId(ml));
        Assert.IsTrue(HostSettings.FallbackToCpu(ml));
        ml.FallbackToCpu = false;
        Assert.IsFalse(HostSettings.FallbackToCpu(ml));
        Assert.IsNull(HostSettings.GpuDeviceId(new MLContext()));
        ml.TempFilePath = Path.GetTempPath();
        Assert.AreEqual(Path.GetTempPath(), HostSettings.TempFilePath(ml));
        Assert.AreEqual(5, HostSettings.GpuDeviceId(HostAccess.EnvironmentOrNull(ml.Model)!));
        Assert.IsFalse(HostSettings.Cancelled(((IHostEnvironment)ml).Register("test"))());
    }

    private static (byte[] Onnx, double[] Curve) Run(string task)
    {
        var ml = new MLContext(seed: 1);
        var data = EveryTask.Load(ml, EveryTask.Rows());
        using var model = EveryTask.Fit(ml, task, data, Everything);
        var file = Path.GetTempFileName();
        try
        {
            model.SaveAsOnnx(file, data);
            var trainer = ml.BinaryClassification.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes", Everything));
            return (File.ReadAllBytes(file), [.. trainer.FindLearningRate(data, steps: 20).Points.Select(p => p.Loss)]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string State()
    {
        using var generator = torch.get_rng_state();
        return string.Join("; ", torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.get_default_dtype(), torch.get_default_device(),
            torch.get_num_threads(), OnNewThread(torch.get_num_threads),
            Convert.ToHexString(generator.bytes.ToArray()));
    }

    private static T OnNewThread<T>(Func<T> get)
    {
        var value = default(T)!;
        var thread = new Thread(() => value = get());
        thread.Start();
        thread.Join();
        return value;
    }

    private static IDisposable Until(Action begin, Action end)
    {
        begin();
        return new Ending(end);
    }

    private static IDisposable Both(IDisposable outer, IDisposable inner) => new Ending(() =>
    {
        inner.Dispose();
        outer.Dispose();
    });

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
