using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>A GPU by CUDA.</summary>
public sealed record CudaDevice : OnnxDevice
{
    internal CudaDevice(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        Id = id;
    }

    /// <summary>CUDA's number of the device, from 0.</summary>
    public int Id { get; }

    internal override string Provider => "CUDAExecutionProvider";

    internal override string Package => "Microsoft.ML.OnnxRuntime.Gpu";

    /// <summary>Like <c>CUDA 0</c>.</summary>
    public override string ToString() => $"CUDA {Id}";

    internal override void AddTo(SessionOptions options) => options.AppendExecutionProvider_CUDA(Id);
}
