using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>The processor.</summary>
public sealed record CpuDevice : OnnxDevice
{
    internal override string Provider => "CPUExecutionProvider";

    internal override string Package => "Microsoft.ML.OnnxRuntime";

    /// <summary><c>CPU</c>.</summary>
    public override string ToString() => "CPU";

    /// <summary>It is what remains of every session.</summary>
    internal override void AddTo(SessionOptions options) { }
}
