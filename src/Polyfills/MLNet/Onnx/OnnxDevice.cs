using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Where a model runs: on a GPU, on the CPU, or on the CPU where the GPU fails.</summary>
internal readonly record struct OnnxDevice(int? GpuDeviceId, bool FallbackToCpu)
{
    /// <summary>What the call names; otherwise what the environment does.</summary>
    public static OnnxDevice Choose(IHostEnvironment env, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        gpuDeviceId is null && env is IHostEnvironmentInternal { GpuDeviceId: not null } context
            ? new(context.GpuDeviceId, context.FallbackToCpu)
            : new(gpuDeviceId, fallbackToCpu);

    public InferenceSession Open(OnnxModelSource source)
    {
        if (GpuDeviceId is { } id)
        {
            try
            {
                using var cuda = SessionOptions.MakeSessionOptionWithCudaProvider(id);
                return source.Open(cuda);
            }
            catch (OnnxRuntimeException) when (FallbackToCpu)
            {
            }
        }

        using var cpu = new SessionOptions();
        return source.Open(cpu);
    }
}
