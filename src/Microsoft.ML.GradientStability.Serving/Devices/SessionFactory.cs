using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>Makes a session on a device, or says what is missing.</summary>
internal static class SessionFactory
{
    /// <summary>
    /// A session on the device that was asked for, or, where it cannot be had and that is allowed, on the CPU.
    /// </summary>
    /// <exception cref="NotSupportedException">The device or ONNX Runtime itself is missing; the message says what to add.</exception>
    /// <exception cref="ModelFileException">ONNX Runtime does not take the model.</exception>
    public static (InferenceSession Session, OnnxDevice Device) Create(byte[] onnx, OnnxDevice device, OnnxPredictorOptions options)
    {
        if (Missing(device) is not { } missing)
            return (CreateOn(device, onnx, options), device);
        if (!options.FallbackToCpu || device is CpuDevice)
            throw new NotSupportedException($"{missing} To run on the CPU instead, set FallbackToCpu.");
        (options.Warn ?? Console.Error.WriteLine)($"{missing} The model runs on the CPU.");
        return (CreateOn(OnnxDevice.Cpu, onnx, options), OnnxDevice.Cpu);
    }

    /// <summary>Null where the device can be used. The runtime's own list is asked first: a device that it does not know makes it fail without a word.</summary>
    private static string? Missing(OnnxDevice device)
    {
        string[] providers;
        try
        {
            providers = OrtEnv.Instance().GetAvailableProviders();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new NotSupportedException(
                "The native ONNX Runtime cannot be loaded. Add one of the packages Microsoft.ML.OnnxRuntime (CPU) and Microsoft.ML.OnnxRuntime.Gpu (CUDA) to the program.", e);
        }
        if (!providers.Contains(device.Provider))
            return $"{device} was asked for, and this ONNX Runtime knows {string.Join(", ", providers)} only. Add the package {device.Package} in place of the other.";
        try
        {
            using var options = new SessionOptions();
            device.AddTo(options);
            return null;
        }
        catch (OnnxRuntimeException e)
        {
            return $"{device} was asked for, and cannot be used: {e.Message.TrimEnd('.')}. Look at the driver, CUDA and cuDNN of this machine.";
        }
    }

    private static InferenceSession CreateOn(OnnxDevice device, byte[] onnx, OnnxPredictorOptions options)
    {
        using var session = new SessionOptions
        {
            IntraOpNumThreads = options.ThreadsPerRun,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Threads that spin between runs would take the processor from the requests.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        // Otherwise the bytes themselves choose the format, and only this one was checked.
        session.AddSessionConfigEntry("session.load_model_format", "ONNX");
        device.AddTo(session);
        try
        {
            return new InferenceSession(onnx, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException($"ONNX Runtime refuses it: {e.Message.TrimEnd('.')}", e);
        }
    }
}
