using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>On which a model is run.</summary>
public abstract record OnnxDevice
{
    private protected OnnxDevice() { }

    /// <summary>The processor.</summary>
    public static OnnxDevice Cpu { get; } = new CpuDevice();

    /// <summary>A GPU by CUDA, from 0; needs the package Microsoft.ML.OnnxRuntime.Gpu, and the CUDA and cuDNN that go with it.</summary>
    public static OnnxDevice Cuda(int id = 0) => new CudaDevice(id);

    /// <summary>A GPU by DirectML, from 0; needs Windows, and the package Microsoft.ML.OnnxRuntime.DirectML.</summary>
    public static OnnxDevice DirectMl(int id = 0) => new DirectMlDevice(id);

    /// <summary>ONNX Runtime's name of what runs on the device.</summary>
    internal abstract string Provider { get; }

    /// <summary>What to add where <see cref="Provider"/> is missing.</summary>
    internal abstract string Package { get; }

    internal abstract void AddTo(SessionOptions options);
}
