using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability.Tests.Catalog;

/// <summary>A GPU that a context asks for and a program has not is an error, or one warning and the CPU; also where a model was loaded.</summary>
[TestClass]
public sealed class ScoringDeviceTests
{
    private static readonly string s_folder = Directory.CreateTempSubdirectory("scoring-device").FullName;
    private static readonly string s_zip = Path.Combine(s_folder, "model.zip"), s_onnx = Path.Combine(s_folder, "model.onnx");
    private static readonly IDataView s_data = EveryTask.Load(new MLContext(), EveryTask.Rows(40));
    private static float[] s_scores = [];

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        if (OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            Assert.Inconclusive("This ONNX Runtime has CUDA.");
        var ml = new MLContext(seed: 1);
        using var model = EveryTask.Fit(ml, EveryTask.Regression, s_data, o => o.Epochs = 1);
        model.SaveTo(s_zip, s_data.Schema);
        ml.Model.SaveAsOnnx(model, s_data, s_onnx);
        s_scores = EveryTask.Scores(model, s_data);
    }

    [ClassCleanup]
    public static void Remove() => Directory.Delete(s_folder, recursive: true);

    private static ITransformer Load(MLContext ml, string file) => file == s_zip ? ml.Model.LoadFrom(file, out _) : ml.Model.LoadFromOnnx(file);

    public static IEnumerable<object[]> Files() => [[s_zip], [s_onnx]];

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void A_GPU_that_is_missing_is_an_error_that_names_the_package(string file)
    {
        var ml = new MLContext { GpuDeviceId = 1, FallbackToCpu = false };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Load(ml, file));
        StringAssert.Contains(error.Message, "asks for GPU 1");
        StringAssert.Contains(error.Message, "add the package Microsoft.ML.OnnxRuntime.Gpu");
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Where_the_CPU_may_take_its_place_it_does_with_one_warning(string file)
    {
        var temporary = Directory.CreateDirectory(Path.Combine(s_folder, "temporary")).FullName;
        var ml = new MLContext { GpuDeviceId = 1, FallbackToCpu = true, TempFilePath = temporary };
        var warnings = new List<string>();
        ml.Log += (_, e) => warnings.AddRange(e.Kind == ChannelMessageKind.Warning ? [e.Message] : []);
        var loaded = Load(ml, file);
        EveryTask.AreClose(s_scores, EveryTask.Scores(loaded, s_data), 1e-3);
        StringAssert.Contains(warnings.Single(), "scores on the CPU");
        Assert.IsNotEmpty(Directory.GetFileSystemEntries(temporary), "its temporary file lies where the context says");
        ((IDisposable)loaded).Dispose();
    }

    /// <summary>Hence it is asked first. Should this fail, ML.NET says itself what is missing: see whether ScoringDevice.cs is needed.</summary>
    [TestMethod]
    public void ML_NET_alone_fails_by_a_missing_entry_point_even_where_the_CPU_may_take_over()
    {
        var ml = new MLContext { GpuDeviceId = 1, FallbackToCpu = true };
        var error = Assert.Throws<Exception>(() => ml.Model.Load(s_zip, out _));
        while (error.InnerException is not null)
            error = error.InnerException;
        Assert.IsInstanceOfType<EntryPointNotFoundException>(error);
    }
}
