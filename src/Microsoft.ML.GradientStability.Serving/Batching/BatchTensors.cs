using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// The tensors of one run at a time: memory for the greatest batch, which each batch size reads and writes through a binding of its own, made
/// when the size first occurs. Runs of numbers allocate nothing after that.
/// </summary>
internal sealed class BatchTensors : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RowLayout _inputs, _outputs;
    private readonly MissingValues _missing;
    private readonly bool _readsInPlace;
    private readonly byte[][] _inputBytes, _outputBytes;
    private readonly Binding?[] _bindings;
    private readonly RunOptions _run = new();

    public BatchTensors(InferenceSession session, ModelShape shape, int maxBatch, OnnxDevice device)
    {
        _session = session;
        (_inputs, _outputs) = (shape.Inputs, shape.Outputs);
        _missing = shape.Missing;
        _readsInPlace = device is CpuDevice;
        _bindings = new Binding?[maxBatch + 1];
        (_inputBytes, _outputBytes) = (Allocate(_inputs, maxBatch), Allocate(_outputs, maxBatch));
    }

    /// <summary>Copies a row in; a row that has no prediction is entered as zeros, which any model takes.</summary>
    public void Set(int at, int batch, byte[] numbers, string?[] texts, int row, bool isMissing)
    {
        for (var i = 0; i < _inputs.Columns.Length; i++)
        {
            if (_inputs.Columns[i].Type == ColumnType.Text)
            {
                var tensor = Bind(batch).Inputs[i];
                var text = _inputs.Text(texts, row, i);
                for (var j = 0; j < text.Length; j++)
                    tensor.StringTensorSetElementAt(text[j].AsSpan(), at * text.Length + j);
                continue;
            }
            var values = _inputs.Numbers(numbers, row, i);
            var place = _inputBytes[i].AsSpan(at * values.Length, values.Length);
            if (isMissing && _inputs.Columns[i].IsNumberWithNaN)
                place.Clear();
            else
                values.CopyTo(place);
        }
    }

    /// <exception cref="OnnxRuntimeException">The model fails on a row.</exception>
    public void Run(int batch)
    {
        var binding = Bind(batch);
        // A device of its own gets its inputs when they are bound.
        if (!_readsInPlace)
            binding.BindInputs(_inputs);
        _session.RunWithBinding(_run, binding.Native);
    }

    /// <summary>Copies the outputs of a row out. Where the row is missing, or the model gives NaN as its score, there is no prediction.</summary>
    public void Get(int at, int batch, Predictions results, int row, string? missing)
    {
        for (var i = 0; i < _outputs.Columns.Length && missing is null; i++)
        {
            if (_outputs.Columns[i].Type == ColumnType.Text)
            {
                var texts = _outputs.Text(results.Texts, row, i);
                for (var j = 0; j < texts.Length; j++)
                    texts[j] = Bind(batch).Outputs[i].GetStringElement(at * texts.Length + j);
                continue;
            }
            var place = _outputs.Numbers(results.Numbers, row, i);
            _outputBytes[i].AsSpan(at * place.Length, place.Length).CopyTo(place);
            missing = _missing.FindInScore(i, place);
        }
        if (missing is not null)
            results.SetMissing(row, missing);
    }

    public void Dispose()
    {
        foreach (var binding in _bindings)
            binding?.Dispose();
        _run.Dispose();
    }

    private static byte[][] Allocate(RowLayout layout, int rows) =>
        [.. layout.Columns.Select(c => GC.AllocateArray<byte>(checked(rows * c.Width * c.Type.Bytes()), pinned: true))];

    private Binding Bind(int batch)
    {
        if (_bindings[batch] is { } known)
            return known;
        var binding = new Binding(_session.CreateIoBinding(), Tensors(_inputs, _inputBytes, batch), Tensors(_outputs, _outputBytes, batch));
        binding.BindInputs(_inputs);
        for (var i = 0; i < _outputs.Columns.Length; i++)
            binding.Native.BindOutput(_outputs.Columns[i].Name, binding.Outputs[i]);
        return _bindings[batch] = binding;
    }

    private static OrtValue[] Tensors(RowLayout layout, byte[][] bytes, int rows)
    {
        var tensors = new OrtValue[layout.Columns.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            var column = layout.Columns[i];
            tensors[i] = column.Type == ColumnType.Text
                ? OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, column.TensorShape(rows))
                : OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, column.Type.Tensor(), column.TensorShape(rows),
                    Marshal.UnsafeAddrOfPinnedArrayElement(bytes[i], 0), (long)rows * column.Width * column.Type.Bytes());
        }
        return tensors;
    }

    private sealed record Binding(OrtIoBinding Native, OrtValue[] Inputs, OrtValue[] Outputs) : IDisposable
    {
        public void BindInputs(RowLayout layout)
        {
            for (var i = 0; i < Inputs.Length; i++)
                Native.BindInput(layout.Columns[i].Name, Inputs[i]);
        }

        public void Dispose()
        {
            Native.Dispose();
            foreach (var tensor in Inputs.Concat(Outputs))
                tensor.Dispose();
        }
    }
}
