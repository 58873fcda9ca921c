using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Carries a column's value into the tensor that a model reads.</summary>
internal abstract class OnnxInput : IDisposable
{
    public static OnnxInput Create(DataViewRow row, DataViewSchema.Column column, OnnxVariable variable)
    {
        var itemType = column.Type.GetItemType();
        if (itemType is TextDataViewType)
            throw new NotSupportedException($"Input '{variable.Name}': tensors of strings are not supported.");
        return TypedCall.Of<OnnxInput>(Create<int>, [itemType.RawType], row, column, variable);
    }

    /// <summary>Reads the row's value; binds the tensor where it is new.</summary>
    public abstract void Load(OrtIoBinding binding);

    public abstract void Dispose();

    private static OnnxInput Create<T>(DataViewRow row, DataViewSchema.Column column, OnnxVariable variable)
        where T : unmanaged => new OnnxInput<T>(row, column, variable);
}

internal sealed class OnnxInput<T> : OnnxInput
    where T : unmanaged
{
    private readonly OnnxVariable _variable;
    private readonly ValueGetter<T>? _scalarGetter;
    private readonly ValueGetter<VBuffer<T>>? _vectorGetter;
    private readonly bool _isOpen;
    private VBuffer<T> _vector;
    private T[] _buffer = [];
    private OrtValue? _value;

    public OnnxInput(DataViewRow row, DataViewSchema.Column column, OnnxVariable variable)
    {
        _variable = variable;
        _isOpen = column.Type is VectorDataViewType { IsKnownSize: false };
        if (column.Type is VectorDataViewType)
            _vectorGetter = row.GetGetter<VBuffer<T>>(column);
        else
            _scalarGetter = row.GetGetter<T>(column);
    }

    public override void Load(OrtIoBinding binding)
    {
        if (_vectorGetter is null)
        {
            Reserve(1, binding);
            _scalarGetter!(ref _buffer[0]);
            return;
        }

        _vectorGetter(ref _vector);
        Reserve(_vector.Length, binding);
        _vector.CopyTo(_buffer);
    }

    public override void Dispose() => _value?.Dispose();

    private void Reserve(int length, OrtIoBinding binding)
    {
        if (_value is not null && _buffer.Length == length)
            return;
        _value?.Dispose();
        _buffer = new T[length];
        _value = OrtValue.CreateTensorValueFromMemory(_buffer, ShapeOf(length));
        binding.BindInput(_variable.Name, _value);
    }

    // Where the column's size is open, what the other dimensions leave of the length is the size of the open one.
    private long[] ShapeOf(int length)
    {
        // A scalar column enters as a matrix of one.
        if (_vectorGetter is null)
            return [1, 1];
        var known = _variable.Shape.Where(size => size > 0).Aggregate(1L, (product, size) => product * size);
        var shape = Array.ConvertAll(_variable.Shape, size => size > 0 ? size : _isOpen ? length / known : 0);
        if (shape.Length == 0)
            shape = [1];
        if (shape.Aggregate(1L, (product, size) => product * size) != length)
        {
            throw Contracts.ExceptParam(_variable.Name,
                $"A vector of {length} values does not fit the input's shape {string.Join(",", _variable.Shape)}.");
        }
        return shape;
    }
}
