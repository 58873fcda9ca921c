using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Where a loaded network scores. ML.NET's ONNX transformer obeys the context's <c>GpuDeviceId</c>, by CUDA alone; where the program's ONNX Runtime has none it
/// fails by an entry point that is missing, whether the CPU may take over or not. So that is asked first.
/// </summary>
internal static class ScoringDevice
{
    /// <summary>The catalog that loads a model: the given one or, where a GPU is asked for that there is not and the CPU may take its place, one of a context that asks for none.</summary>
    /// <exception cref="InvalidOperationException">The GPU is missing, and the CPU may not take its place.</exception>
    public static ModelOperationsCatalog For(ModelOperationsCatalog catalog)
    {
        if (HostAccess.EnvironmentOrNull(catalog) is not { } environment || HostSettings.GpuDeviceId(environment) is not { } gpu)
            return catalog;
        if (ScoringGpu.Missing(gpu, byCudaAlone: true) is not { } why)
            return catalog;
        var missing = $"The MLContext asks for GPU {gpu}, which there is not for scoring: {why}.";
        if (!HostSettings.FallbackToCpu(environment))
            throw new InvalidOperationException($"{missing} Or set the context's GpuDeviceId to null, or its FallbackToCpu to true.");
        using var channel = environment.Register(nameof(ScoringDevice)).Start("Loading");
        channel.Warning(MessageSensitivity.None, "{0}", $"{missing} The model scores on the CPU, to which it lets it fall back.");
        var context = new MLContext();
        if (HostSettings.TempFilePath(environment) is { } folder)
            context.TempFilePath = folder;
        return context.Model;
    }
}
