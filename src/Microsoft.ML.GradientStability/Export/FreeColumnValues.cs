using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>Values of a column whose rows have different numbers of them, of an input: all rows of a run are as long as the longest of them, filled up with what is missing.</summary>
internal sealed class FreeColumnValues<TColumn, T> : ColumnValues
{
    private readonly string _name;
    private readonly T _missing;
    private readonly T[][] _rows;
    private readonly Func<TColumn, T> _convert;
    private readonly ValueGetter<VBuffer<TColumn>> _read;
    private VBuffer<TColumn> _row;

    public FreeColumnValues(DataViewRow row, DataViewSchema.Column column, int rows, T missing, Func<TColumn, T> convert)
    {
        (_name, _missing, _convert, _rows) = (column.Name, missing, convert, new T[rows][]);
        _read = row.GetGetter<VBuffer<TColumn>>(column);
    }

    public override void Read(int at)
    {
        _read(ref _row);
        _rows[at] = [.. _row.DenseValues().Select(_convert)];
    }

    public override NamedOnnxValue ToInput(string name, int rows)
    {
        // One value at least: a graph need not take tensors of none.
        var width = Math.Max(1, _rows.Take(rows).Max(row => row.Length));
        var values = new T[rows * width];
        values.AsSpan().Fill(_missing);
        for (var row = 0; row < rows; row++)
            _rows[row].CopyTo(values, row * width);
        return NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, [rows, width]));
    }

    /// <exception cref="NotSupportedException">Always: a file gives no such column.</exception>
    public override void Compare(NamedOnnxValue got, int rows, long before, ComparedOutput compared) => throw Output();

    public override JsonNode ToJson(int at) => JsonSerializer.SerializeToNode(_rows[at], Json)!;

    /// <exception cref="NotSupportedException">Always: a file gives no such column.</exception>
    public override JsonNode ToJson(NamedOnnxValue got, int at) => throw Output();

    private NotSupportedException Output() => new($"Column '{_name}' has another length in every row, which a file does not give");
}
