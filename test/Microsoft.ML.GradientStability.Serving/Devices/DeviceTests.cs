using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving.Tests.Devices;

[TestClass]
public sealed class DeviceTests
{
    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    public static IEnumerable<object[]> Gpus() =>
    [
        [OnnxDevice.Cuda(99), "CUDA 99", "CUDAExecutionProvider", "Microsoft.ML.OnnxRuntime.Gpu"],
        [OnnxDevice.DirectMl(99), "DirectML 99", "DmlExecutionProvider", "Microsoft.ML.OnnxRuntime.DirectML"],
    ];

    [TestMethod]
    [DynamicData(nameof(Gpus))]
    public async Task A_GPU_that_is_asked_for_and_missing_is_an_error_or_one_warning_and_the_CPU(OnnxDevice gpu, string name, string provider, string package)
    {
        // The device number is beyond any machine's, so the test says the same where there is a GPU.
        var path = _folder.Write(TestModels.Classifier());
        var warnings = new List<string>();
        var options = new OnnxPredictorOptions { Devices = [gpu], Warn = warnings.Add };
        var missing = Assert.ThrowsExactly<NotSupportedException>(() => new OnnxPredictor(path, options));
        StringAssert.Contains(missing.Message, $"{name} was asked for, and ");
        StringAssert.Contains(missing.Message, OrtEnv.Instance().GetAvailableProviders().Contains(provider) ? "Look at the driver" : $"Add the package {package} in place of the other.");
        StringAssert.Contains(missing.Message, "To run on the CPU instead, set FallbackToCpu.");
        Assert.IsEmpty(warnings);

        await using var predictor = new OnnxPredictor(path, options with { FallbackToCpu = true });
        Assert.AreEqual("red", (await predictor.PredictAsync([1, 0, 0, 0])).Label);
        StringAssert.Contains(warnings.Single(), $"{name} was asked for, and ");
        StringAssert.EndsWith(warnings.Single(), "The model runs on the CPU.");
    }

    [TestMethod]
    public async Task Devices_share_the_rows()
    {
        var options = new OnnxPredictorOptions { Devices = [OnnxDevice.Cpu, OnnxDevice.Cuda(99)], FallbackToCpu = true, Warn = _ => { }, RunsPerDevice = 2, MaxBatchSize = 8 };
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()), options);
        var predictions = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => predictor.PredictAsync([i % 2, 0, 1 - i % 2, i]).AsTask()));
        for (var i = 0; i < 300; i++)
            Assert.AreEqual(i % 2 == 1 ? "red" : "blue", predictions[i].Label);
    }

    [TestMethod]
    public void Options_out_of_range_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxPredictorOptions { MaxBatchSize = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxPredictorOptions { MaxDelay = TimeSpan.FromMilliseconds(-1) });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxPredictorOptions { MaxDelay = TimeSpan.FromMicroseconds(500) });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxPredictorOptions { QueueLimit = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxPredictorOptions { RunsPerDevice = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxPredictorOptions { ThreadsPerRun = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxPredictorOptions { MaxFileBytes = 1L << 32 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxPredictorOptions { ReloadInterval = TimeSpan.FromSeconds(-1) });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxPredictorOptions { Devices = [] });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxPredictorOptions { Devices = [OnnxDevice.Cpu, OnnxDevice.Cpu] });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => OnnxDevice.Cuda(-1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => OnnxDevice.DirectMl(-1));
        Assert.AreEqual("CPU, CUDA 1", $"{OnnxDevice.Cpu}, {OnnxDevice.Cuda(1)}");
    }
}
