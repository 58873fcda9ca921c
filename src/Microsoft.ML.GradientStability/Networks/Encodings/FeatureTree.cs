namespace Microsoft.ML.GradientStability;

/// <summary>
/// A regression tree of one feature (Breiman, Friedman, Olshen and Stone 1984), grown where it gains most. Of numbers it gains what a split takes from the sum of
/// squares around the mean, of classes the same of their indicators, which is Gini's measure.
/// </summary>
internal sealed class FeatureTree
{
    /// <summary>Rows of a leaf.</summary>
    private const int LeastRows = 5;

    /// <summary>
    /// What a split must gain, in units of what one at random gains, divided by the degrees of freedom of the classes
    /// (<c>build/bench.sh Tables</c>: with 4 noise gets codes, with 10 few rows lose those that tell something).
    /// </summary>
    private const double LeastGain = 6;

    private readonly float[] _sorted;
    private readonly int[] _classes;
    private readonly double[] _values;
    private readonly double[] _below;
    private readonly double[] _above;
    private readonly double _leastGain;

    /// <param name="sorted">The values of the feature, from the least on.</param>
    /// <param name="targets">Of the same rows.</param>
    /// <param name="hasClasses">Whether targets are classes.</param>
    public FeatureTree(float[] sorted, float[] targets, bool hasClasses)
    {
        _sorted = sorted;
        // A row adds a number to the sum of its class: 1, or how far a number lies from the mean, all in one class.
        float[] classes = hasClasses ? [.. targets.Distinct().Order()] : [0];
        _classes = hasClasses ? Array.ConvertAll(targets, target => Array.BinarySearch(classes, target)) : new int[targets.Length];
        var mean = targets.Average(target => (double)target);
        _values = Array.ConvertAll(targets, target => hasClasses ? 1 : target - mean);
        (_below, _above) = (new double[classes.Length], new double[classes.Length]);
        for (var row = 0; row < sorted.Length; row++)
            _above[_classes[row]] += _values[row];
        var squares = _values.Sum(value => value * value) - _above.Sum(sum => sum * sum) / sorted.Length;
        _leastGain = LeastGain * squares / sorted.Length / Math.Max(1, classes.Length - 1);
        Array.Clear(_above);
    }

    /// <summary>Where it splits, from the least on; none where nothing is to be gained.</summary>
    /// <param name="leaves">The most.</param>
    public List<float> Thresholds(int leaves)
    {
        var thresholds = new List<float>();
        var open = new PriorityQueue<Split, double>();
        Grow(0, _sorted.Length);
        while (thresholds.Count + 1 < leaves && open.TryDequeue(out var split, out _))
        {
            thresholds.Add(float.Lerp(_sorted[split.Place - 1], _sorted[split.Place], 0.5f));
            Grow(split.Start, split.Place);
            Grow(split.Place, split.End);
        }
        thresholds.Sort();
        return thresholds;

        void Grow(int start, int end)
        {
            var (place, gain) = Best(start, end);
            if (gain >= _leastGain && place > 0)
                open.Enqueue(new Split(start, place, end), -gain);
        }
    }

    /// <summary>The best split of rows, before which row, and what it gains; 0 for none.</summary>
    private (int Place, double Gain) Best(int start, int end)
    {
        double squaresBelow = 0, squaresAbove = 0;
        for (var row = start; row < end; row++)
            squaresAbove += Add(_above, row, 1);
        var whole = squaresAbove / (end - start);
        var (best, place) = (0.0, 0);
        for (var row = start; row < end - LeastRows; row++)
        {
            squaresBelow += Add(_below, row, 1);
            squaresAbove += Add(_above, row, -1);
            if (row + 1 - start < LeastRows || _sorted[row + 1] == _sorted[row])
                continue;
            var gain = squaresBelow / (row + 1 - start) + squaresAbove / (end - row - 1) - whole;
            if (gain > best)
                (best, place) = (gain, row + 1);
        }
        for (var row = start; row < end; row++)
            _below[_classes[row]] = _above[_classes[row]] = 0;
        return (place, best);
    }

    /// <summary>What the square of the sum of a row's class grows by.</summary>
    private double Add(double[] sums, int row, int sign)
    {
        ref var sum = ref sums[_classes[row]];
        var before = sum;
        sum += sign * _values[row];
        return sum * sum - before * before;
    }

    private readonly record struct Split(int Start, int Place, int End);
}
