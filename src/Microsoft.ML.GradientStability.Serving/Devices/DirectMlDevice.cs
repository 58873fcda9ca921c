using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>A GPU by DirectML, on Windows.</summary>
public sealed record DirectMlDevice : OnnxDevice
{
    internal DirectMlDevice(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        Id = id;
    }

    /// <summary>DirectX's number of the adapter, from 0.</summary>
    public int Id { get; }

    internal override string Provider => "DmlExecutionProvider";

    internal override string Package => "Microsoft.ML.OnnxRuntime.DirectML";

    /// <summary>Like <c>DirectML 0</c>.</summary>
    public override string ToString() => $"DirectML {Id}";

    internal override void AddTo(SessionOptions options)
    {
        // DirectML takes no other form of either.
        options.EnableMemoryPattern = false;
        options.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
        options.AppendExecutionProvider_DML(Id);
    }
}
