using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Carries a model's result into a column's value.</summary>
internal abstract class OnnxOutput : IDisposable
{
    /// <summary>Whether the size is known only once the model has run.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>The tensor of the last run, where the size is open.</summary>
    public OrtValue? Result { get; set; }

    public static OnnxOutput Create(OnnxVariable variable)
    {
        if (variable.ItemType is TextDataViewType)
            throw new NotSupportedException($"Output '{variable.Name}': tensors of strings are not supported.");
        return TypedCall.Of<OnnxOutput>(Create<int>, [variable.ItemType.RawType], variable);
    }

    public abstract void Bind(OrtIoBinding binding);

    public abstract Delegate MakeGetter(OnnxRowScorer scorer);

    public abstract void Dispose();

    private static OnnxOutput Create<T>(OnnxVariable variable)
        where T : unmanaged => new OnnxOutput<T>(variable);
}

internal sealed class OnnxOutput<T>(OnnxVariable variable) : OnnxOutput
    where T : unmanaged
{
    private T[] _buffer = [];
    private OrtValue? _value;

    public override bool IsOpen => variable.IsScalar || variable.Shape.Contains(0);

    public override void Bind(OrtIoBinding binding)
    {
        if (IsOpen)
        {
            binding.BindOutputToDevice(variable.Name, OrtMemoryInfo.DefaultInstance);
            return;
        }

        if (_value is null)
        {
            _buffer = new T[variable.Shape.Aggregate(1, (product, size) => checked(product * size))];
            _value = OrtValue.CreateTensorValueFromMemory(_buffer, Array.ConvertAll(variable.Shape, size => (long)size));
        }
        binding.BindOutput(variable.Name, _value);
    }

    public override Delegate MakeGetter(OnnxRowScorer scorer) => variable.IsScalar ? ScalarGetter(scorer) : VectorGetter(scorer);

    public override void Dispose() => _value?.Dispose();

    private ValueGetter<VBuffer<T>> VectorGetter(OnnxRowScorer scorer) => (ref VBuffer<T> destination) =>
    {
        scorer.Score();
        var source = Result is null ? _buffer : Result.GetTensorDataAsSpan<T>();
        var editor = VBufferEditor.Create(ref destination, source.Length);
        source.CopyTo(editor.Values);
        destination = editor.Commit();
    };

    // ML.NET gives such an output a scalar column whose value cannot be read.
    private ValueGetter<T> ScalarGetter(OnnxRowScorer scorer) => (ref T destination) =>
    {
        scorer.Score();
        throw Contracts.Except($"Output '{variable.Name}' has no dimensions: its value cannot be read. Give it a shape of one element.");
    };
}
