using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.GradientStability;

/// <summary>Where a fit computes: what the context's <c>GpuDeviceId</c> and <c>FallbackToCpu</c> ask for, as far as the program has it.</summary>
/// <param name="Training">The device of LibTorch; <see langword="null"/> for the host.</param>
/// <param name="Scoring">The GPU on which the trained network scores; <see langword="null"/> for the host.</param>
internal readonly record struct FitDevice(torch.Device? Training, int? Scoring)
{
    /// <exception cref="InvalidOperationException">A GPU is asked for and missing, and the CPU may not take its place.</exception>
    public static FitDevice Of(IHostEnvironment environment, IChannel channel)
    {
        if (HostSettings.GpuDeviceId(environment) is not { } gpu)
            return default;
        var (ofTraining, ofScoring) = (MissingInTorch(gpu), ScoringGpu.Missing(gpu));
        if (ofTraining is null && ofScoring is null)
            return new FitDevice(new torch.Device(DeviceType.CUDA, gpu), gpu);
        var what = ofScoring is null ? "training" : ofTraining is null ? "scoring" : "training and scoring";
        var why = $"The MLContext asks for GPU {gpu}, which there is not for {what}: {string.Join("; ", new[] { ofTraining, ofScoring }.OfType<string>())}.";
        if (!HostSettings.FallbackToCpu(environment))
            throw new InvalidOperationException($"{why} Or set the context's GpuDeviceId to null, or its FallbackToCpu to true.");
        channel.Warning(MessageSensitivity.None, "{0}", $"{why} The CPU takes its place, to which the context lets it fall back.");
        return new FitDevice(ofTraining is null ? new torch.Device(DeviceType.CUDA, gpu) : null, ofScoring is null ? gpu : null);
    }

    private static string? MissingInTorch(int gpu) =>
        !torch.cuda_is_available() ? "this LibTorch has no CUDA, or finds no GPU; add the package TorchSharp-cuda-linux or TorchSharp-cuda-windows in place of TorchSharp-cpu"
        : gpu >= torch.cuda.device_count() ? $"LibTorch finds {torch.cuda.device_count()} GPUs, from 0"
        : null;
}
