using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Transforms.MissingValueReplacingEstimator;

namespace Microsoft.ML.Transforms;

/// <summary>Mean, least, greatest or most frequent value of each slot, or of all slots together.</summary>
internal sealed class ReplacementStatistics<T>(ReplacementMode mode, int slots, bool bySlot)
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly Slot[] _slots = [.. Enumerable.Range(0, slots).Select(_ => new Slot(mode))];
    private long _rows;

    public void Add(in VBuffer<T> row)
    {
        var values = row.GetValues();
        var indices = row.GetIndices();
        _rows += bySlot ? 1 : row.Length;
        for (var i = 0; i < values.Length; i++)
            _slots[!bySlot ? 0 : row.IsDense ? i : indices[i]].Add(values[i]);
    }

    public T[] Finish(IChannel channel) => [.. _slots.Select(slot => slot.Finish(_rows, channel))];

    private sealed class Slot(ReplacementMode mode)
    {
        private readonly Dictionary<T, int> _frequencies = [];
        private T _best = mode switch
        {
            ReplacementMode.Minimum => T.PositiveInfinity,
            ReplacementMode.Maximum => T.NegativeInfinity,
            _ => T.Zero,
        };
        private double _mean;
        private long _nonZero, _missing, _seen;
        private int _highest;

        public void Add(T value)
        {
            _seen++;
            switch (mode)
            {
                case ReplacementMode.Mean:
                    AddToMean(value);
                    break;
                case ReplacementMode.Mode:
                    AddToMode(value);
                    break;
                default:
                    // Written so that a missing value does not change the bound.
                    if (mode == ReplacementMode.Minimum ? value < _best : value > _best)
                        _best = value;
                    break;
            }
        }

        /// <param name="count">How many values there are with the zeros that sparse vectors leave out.</param>
        public T Finish(long count, IChannel channel)
        {
            if (mode == ReplacementMode.Mean)
            {
                if (count > _missing)
                    return T.CreateTruncating(_mean * ((double)_nonZero / (count - _missing)));
                channel.Warning("All values in this column are NAs, using default value for imputation");
            }
            else if (mode != ReplacementMode.Mode && _seen < count)
            {
                Add(T.Zero);
            }
            return _best;
        }

        private void AddToMean(T value)
        {
            if (!T.IsFinite(value))
                _missing++;
            else if (!T.IsZero(value))
                _mean += double.CreateTruncating(value) / ++_nonZero - _mean / _nonZero;
        }

        // Of equally frequent values the one that got there first.
        private void AddToMode(T value)
        {
            if (!T.IsFinite(value))
                return;
            var frequency = _frequencies[value] = _frequencies.GetValueOrDefault(value) + 1;
            if (frequency > _highest)
                (_best, _highest) = (value, frequency);
        }
    }
}
