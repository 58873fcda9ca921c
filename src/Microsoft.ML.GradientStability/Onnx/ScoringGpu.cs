using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A GPU on which ONNX Runtime scores: by CUDA, or by DirectML where the program's ONNX Runtime is that one. What it has not, a session is not
/// asked for: it would fail by an entry point that is missing.
/// </summary>
internal static class ScoringGpu
{
    public const string Cuda = "CUDAExecutionProvider";
    private const string DirectMl = "DmlExecutionProvider";

    /// <summary>Why a session cannot be on a GPU; <see langword="null"/> where it can.</summary>
    /// <param name="gpu">Its number, from 0.</param>
    /// <param name="byCudaAlone">Whether DirectML does not help.</param>
    public static string? Missing(int gpu, bool byCudaAlone = false)
    {
        var providers = OrtEnv.Instance().GetAvailableProviders();
        if (!providers.Contains(Cuda) && (byCudaAlone || !providers.Contains(DirectMl)))
            return $"this ONNX Runtime has {Listing.Of(providers, providers.Length)} only; add the package Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime";
        try
        {
            using var options = new SessionOptions();
            Choose(options, gpu);
            return null;
        }
        catch (OnnxRuntimeException e)
        {
            return $"ONNX Runtime cannot use it: {e.Message.TrimEnd('.')}; look at the driver, CUDA and cuDNN of this machine";
        }
    }

    /// <summary>Puts sessions of the options on the GPU.</summary>
    public static void Choose(SessionOptions options, int gpu)
    {
        if (OrtEnv.Instance().GetAvailableProviders().Contains(Cuda))
        {
            options.AppendExecutionProvider_CUDA(gpu);
            return;
        }
        // DirectML takes no other form of either.
        options.EnableMemoryPattern = false;
        options.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
        options.AppendExecutionProvider_DML(gpu);
    }
}
