using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>A fixed number of places for the features of rows.</summary>
internal abstract class RowPlaces
{
    public static RowPlaces Create(PoolSize size, RowLength length) => size.SparseBytes is { } bytes
        ? new OfAnyLength(size.Rows, bytes)
        : length.Varies ? new OfAnyLength(size.Rows, long.MaxValue) : new OfDense(Math.Min(size.Rows, Array.MaxLength / length.Most), length.Most);

    /// <summary>What a sparse row of so many non-zeros takes: two arrays, their references, target and weight.</summary>
    public static long SparseRowBytes(int nonZeros) => (sizeof(int) + sizeof(float)) * (long)nonZeros + 72;

    public abstract int Count { get; }

    /// <summary>Whether the rows take as much as they may; in a few large steps, and never where all rows take the same.</summary>
    public abstract bool AreFull { get; }

    public abstract void Put(int place, in VBuffer<float> row);

    /// <summary>Moves a row to a place that is free.</summary>
    public abstract void Move(int from, int to);

    /// <summary>Takes a row out and adds it to others.</summary>
    public abstract void Take(int place, CachedRows destination, float target, float weight);

    private sealed class OfDense(int count, int width) : RowPlaces
    {
        private readonly float[] _values = new float[count * width];

        public override int Count => count;

        public override bool AreFull => false;

        public override void Put(int place, in VBuffer<float> row) => row.CopyTo(Row(place));

        public override void Move(int from, int to) => Row(from).CopyTo(Row(to));

        public override void Take(int place, CachedRows destination, float target, float weight) => destination.Add(Row(place), target, weight);

        private Span<float> Row(int place) => _values.AsSpan(place * width, width);
    }

    /// <summary>Sparse rows, and those of different lengths.</summary>
    private sealed class OfAnyLength(int count, long bytes) : RowPlaces
    {
        private readonly int[]?[] _slots = new int[count][];
        private readonly float[][] _values = new float[count][];
        private long _taken;

        public override int Count => count;

        public override bool AreFull => _taken >= bytes;

        public override void Put(int place, in VBuffer<float> row)
        {
            (_slots[place], _values[place]) = (row.IsDense ? null : row.GetIndices().ToArray(), row.GetValues().ToArray());
            _taken += SparseRowBytes(_values[place].Length);
        }

        public override void Move(int from, int to) => (_slots[to], _values[to]) = (_slots[from], _values[from]);

        public override void Take(int place, CachedRows destination, float target, float weight)
        {
            if (_slots[place] is { } slots)
                destination.Add(slots, _values[place], target, weight);
            else
                destination.Add(_values[place], target, weight);
            _taken -= SparseRowBytes(_values[place].Length);
        }
    }
}
