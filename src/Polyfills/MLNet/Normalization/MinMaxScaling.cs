using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>(x - min) / (max - min), or x / max(|min|, |max|) where zero stays fixed. A constant slot becomes zero.</summary>
internal sealed class MinMaxScaling(bool fixZero) : INormalization
{
    public ISlotStatistics<T> Gather<T>(int slots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Range<T>(slots, fixZero);

    private sealed class Range<T> : ISlotStatistics<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _min;
        private readonly T[] _max;
        private readonly long[] _seen;
        private readonly bool _fixZero;
        private long _rows;

        public Range(int slots, bool fixZero)
        {
            (_min, _max, _seen, _fixZero) = (new T[slots], new T[slots], new long[slots], fixZero);
            Array.Fill(_min, T.PositiveInfinity);
            Array.Fill(_max, T.NegativeInfinity);
        }

        public void Add(in VBuffer<T> row)
        {
            _rows++;
            var values = row.GetValues();
            var indices = row.GetIndices();
            for (var i = 0; i < values.Length; i++)
            {
                var slot = row.IsDense ? i : indices[i];
                _seen[slot]++;
                See(slot, values[i]);
            }
        }

        public ColumnNormalizer Finish(DataViewType columnType)
        {
            var (scale, offset) = (new T[_min.Length], new T[_min.Length]);
            for (var slot = 0; slot < scale.Length; slot++)
            {
                if (_seen[slot] < _rows)
                    See(slot, T.Zero);
                (scale[slot], offset[slot]) = Scaling(_min[slot], _max[slot]);
            }
            return new AffineNormalizer<T>(columnType, scale, offset);
        }

        // Written so that a missing value changes neither bound.
        private void See(int slot, T value)
        {
            if (_max[slot] < value)
                _max[slot] = value;
            if (_min[slot] > value)
                _min[slot] = value;
        }

        private (T Scale, T Offset) Scaling(T min, T max)
        {
            if (!(max > min))
                return (T.Zero, T.Zero);
            if (_fixZero)
                return (T.One / T.Max(T.Abs(max), T.Abs(min)), T.Zero);
            var scale = T.One / (max - min);
            return (scale, scale == T.Zero ? T.Zero : min);
        }
    }
}
