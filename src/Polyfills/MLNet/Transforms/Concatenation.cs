using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The getter of a concatenated column: a part is a scalar or a vector of the same item type.</summary>
internal sealed class Concatenation<T>
{
    private readonly Part[] _parts;

    public Concatenation(DataViewRow input, DataViewSchema.Column[] columns) =>
        _parts = [.. columns.Select(column => new Part(input, input.Schema[column.Index]))];

    public void Get(ref VBuffer<T> destination)
    {
        int length = 0, count = 0;
        foreach (var part in _parts)
        {
            part.Fetch();
            length = checked(length + part.Length);
            count += part.Count;
        }

        destination = count <= length / 2 ? Sparse(ref destination, length, count) : Dense(ref destination, length);
    }

    private VBuffer<T> Dense(ref VBuffer<T> destination, int length)
    {
        var editor = VBufferEditor.Create(ref destination, length);
        var first = 0;
        foreach (var part in _parts)
        {
            if (part.IsVector)
                part.Vector.CopyTo(editor.Values, first);
            else
                editor.Values[first] = part.Scalar;
            first += part.Length;
        }
        return editor.Commit();
    }

    private VBuffer<T> Sparse(ref VBuffer<T> destination, int length, int count)
    {
        var editor = VBufferEditor.Create(ref destination, length, count);
        int first = 0, filled = 0;
        foreach (var part in _parts)
        {
            var values = part.IsVector ? part.Vector.GetValues() : new ReadOnlySpan<T>(in part.Scalar);
            var indices = part.IsVector ? part.Vector.GetIndices() : default;
            values.CopyTo(editor.Values[filled..]);
            for (var i = 0; i < values.Length; i++)
                editor.Indices[filled++] = first + (indices.IsEmpty ? i : indices[i]);
            first += part.Length;
        }
        return editor.Commit();
    }

    private sealed class Part
    {
        private readonly DataViewSchema.Column _column;
        private readonly ValueGetter<T>? _scalarGetter;
        private readonly ValueGetter<VBuffer<T>>? _vectorGetter;
        private readonly int _size;
        public T Scalar = default!;
        public VBuffer<T> Vector;

        public Part(DataViewRow input, DataViewSchema.Column column)
        {
            _column = column;
            _size = column.Type.GetVectorSize();
            if (column.Type is VectorDataViewType)
                _vectorGetter = input.GetGetter<VBuffer<T>>(column);
            else
                _scalarGetter = input.GetGetter<T>(column);
        }

        public bool IsVector => _vectorGetter is not null;

        public int Length => IsVector ? Vector.Length : 1;

        public int Count => IsVector ? Vector.GetValues().Length : 1;

        public void Fetch()
        {
            if (_vectorGetter is null)
            {
                _scalarGetter!(ref Scalar);
                return;
            }

            _vectorGetter(ref Vector);
            if (_size != 0 && _size != Vector.Length)
                throw Contracts.Except($"Column '{_column.Name}': expected {_size} slots, but got {Vector.Length}");
        }
    }
}
