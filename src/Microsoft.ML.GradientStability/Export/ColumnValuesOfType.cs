using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>Values that are <typeparamref name="TColumn"/> in a column and <typeparamref name="T"/> in a tensor.</summary>
internal sealed class ColumnValues<TColumn, T> : ColumnValues
{
    private readonly string _name;
    private readonly int _width;
    private readonly T[] _values;
    private readonly Func<TColumn, T> _convert;
    private readonly Action<Span<T>> _read;

    public ColumnValues(DataViewRow row, DataViewSchema.Column column, int rows, int width, Func<TColumn, T> convert)
    {
        (_name, _width, _convert) = (column.Name, width, convert);
        _values = new T[rows * width];
        _read = column.Type is VectorDataViewType ? Vector(row.GetGetter<VBuffer<TColumn>>(column)) : Scalar(row.GetGetter<TColumn>(column));
    }

    public override void Read(int at) => _read(_values.AsSpan(at * _width, _width));

    public override NamedOnnxValue ToInput(string name, int rows) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(_values.AsMemory(0, rows * _width), [rows, _width]));

    public override void Compare(NamedOnnxValue got, int rows, long before, ComparedOutput compared)
    {
        var values = ValuesOf(got);
        if (values.Length != rows * _width)
            throw new NotSupportedException($"The file gives {values.Length} values of '{_name}' for {rows} rows, and the pipeline {rows * _width}");
        for (var i = 0; i < values.Length; i++)
            if (_values[i] is float or double)
                compared.Number(before + i / _width + 1, ToDouble(_values[i]), ToDouble(values[i]));
            else if (!EqualityComparer<T>.Default.Equals(_values[i], values[i]))
                compared.Other(before + i / _width + 1, $"{_values[i]}", $"{values[i]}");
    }

    public override JsonNode ToJson(int at) => ToJson(_values.AsSpan(at * _width, _width));

    public override JsonNode ToJson(NamedOnnxValue got, int at) => ToJson(ValuesOf(got).AsSpan(at * _width, _width));

    private JsonNode ToJson(ReadOnlySpan<T> values) => _width == 1 ? JsonSerializer.SerializeToNode(values[0], Json)! : JsonSerializer.SerializeToNode(values.ToArray(), Json)!;

    private T[] ValuesOf(NamedOnnxValue got) => got.Value is Tensor<T> tensor
        ? tensor.ToArray()
        : throw new NotSupportedException($"The file gives '{_name}' in another type than {typeof(T).Name}");

    private static double ToDouble(T value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private Action<Span<T>> Scalar(ValueGetter<TColumn> get)
    {
        var value = default(TColumn)!;
        return to =>
        {
            get(ref value);
            to[0] = _convert(value);
        };
    }

    private Action<Span<T>> Vector(ValueGetter<VBuffer<TColumn>> get)
    {
        var row = default(VBuffer<TColumn>);
        return to =>
        {
            get(ref row);
            if (row.Length != to.Length)
                throw new InvalidOperationException($"A row has {row.Length} values in column '{_name}', whose type says {to.Length}. Mend the transform that makes the column.");
            to.Fill(_convert(default!));
            foreach (var (slot, value) in row.Items())
                to[slot] = _convert(value);
        };
    }
}
