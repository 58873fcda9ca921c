using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>
/// (x - mean) / sd, or x / sqrt(mean of x²) where zero stays fixed, or the normal distribution function of x.
/// The variance is that of the population. A constant slot becomes zero. With logarithms the moments are those of log x over the
/// positive values, and the distribution function is that of log x, but the scaling still applies to x, as it does in ML.NET.
/// </summary>
internal sealed class MeanVarianceScaling(bool fixZero, bool useCdf, bool useLog = false) : INormalization
{
    public ISlotStatistics<T> Gather<T>(int slots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Moments<T>(slots, fixZero, useCdf, useLog);

    private sealed class Moments<T>(int slots, bool fixZero, bool useCdf, bool useLog) : ISlotStatistics<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly double[] _mean = new double[slots];
        private readonly double[] _squares = new double[slots];
        private readonly long[] _nonZero = new long[slots];
        private readonly long[] _missing = new long[slots];
        private long _rows;

        public void Add(in VBuffer<T> row)
        {
            _rows++;
            var values = row.GetValues();
            var indices = row.GetIndices();
            for (var i = 0; i < values.Length; i++)
                See(row.IsDense ? i : indices[i], values[i]);
        }

        public ColumnNormalizer Finish(DataViewType columnType)
        {
            var (first, second) = (new T[slots], new T[slots]);
            for (var slot = 0; slot < slots; slot++)
            {
                var (mean, variance) = MomentsOf(slot);
                if (!(variance > 0))
                    continue;
                (first[slot], second[slot]) = useCdf
                    ? (T.CreateTruncating(mean), T.CreateTruncating(Math.Sqrt(variance)))
                    : Scaling(mean, variance);
            }
            return useCdf ? new CdfNormalizer<T>(columnType, first, second, useLog) : new AffineNormalizer<T>(columnType, first, second);
        }

        // Welford's update over the non-zero values; the zeros, which are alike, join at the end.
        private void See(int slot, T value)
        {
            if (value == T.Zero)
                return;
            if (useLog)
                value = T.CreateTruncating(Math.Log(double.CreateTruncating(value)));
            if (!T.IsFinite(value))
            {
                _missing[slot]++;
                return;
            }

            var x = double.CreateTruncating(value);
            var delta = x - _mean[slot];
            _mean[slot] += delta / ++_nonZero[slot];
            _squares[slot] += delta * (x - _mean[slot]);
        }

        private (double Mean, double Variance) MomentsOf(int slot)
        {
            var count = useLog ? _nonZero[slot] : _rows - _missing[slot];
            if (count == 0)
                return default;
            var zeros = count - _nonZero[slot];
            var mean = _mean[slot] - _mean[slot] * zeros / count;
            return (mean, (_squares[slot] + _mean[slot] * mean * zeros) / count);
        }

        private (T Scale, T Offset) Scaling(double mean, double variance)
        {
            if (fixZero)
                return (T.One / T.CreateTruncating(Math.Sqrt(variance + mean * mean)), T.Zero);
            var scale = T.One / T.CreateTruncating(Math.Sqrt(variance));
            return (scale, scale == T.Zero ? T.Zero : T.CreateTruncating(mean));
        }
    }
}
