using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Counts, means and standard deviations of features and targets over some rows; one pass, constant memory, Welford's update in double
/// precision. It sums differences from the running mean, so that an offset takes no digits of a small spread, and what never changes has
/// a deviation of exactly 0. Of a sparse row the non-zeros alone are looked at, the zeros are counted in at the end.
/// </summary>
/// <param name="width">Features a row, or of a step where rows are sequences of different lengths, of which every step counts.</param>
/// <param name="ofSteps">Whether they are.</param>
/// <param name="before">Of the features so many stand before the steps of a row, and count once.</param>
internal sealed class RowStatistics(int width, bool ofSteps = false, int before = 0)
{
    /// <summary>The greatest share of non-zeros that makes data sparse; with more, dense batches are as fast (<c>build/bench.sh Sparse</c>).</summary>
    private const double GreatestShare = 0.02;

    private readonly double[] _seen = new double[width];
    private readonly double[] _mean = new double[width];
    private readonly double[] _squares = new double[width];
    private double[] _row = [];
    private double[] _off = [];
    private long _targets;
    private double _targetMean;
    private double _targetSquares;

    public static RowStatistics Of(BoundColumns columns) => new(columns.Length.Varies ? columns.Length.Least : columns.Width, columns.Length.Varies, columns.Length.Before);

    /// <summary>Features a row, or of a step with those before it.</summary>
    public int Width => width;

    /// <summary>Of these so many stand before the steps.</summary>
    public int Before => before;

    /// <summary>Rows.</summary>
    public long Count { get; private set; }

    /// <summary>Rows, or their steps.</summary>
    private long Steps { get; set; }

    /// <summary>Numbers of a row, their mean where rows have different lengths.</summary>
    public long NumbersARow => before + Steps * (width - before) / Count;

    /// <summary>Features that are not 0, of all rows.</summary>
    public long NonZeros { get; private set; }

    /// <summary>
    /// Whether the rows are wide and nearly all zeros: of <see cref="RowForm.LeastWidth"/> features at least one in 50 at most is not 0.
    /// </summary>
    public bool IsSparse => !ofSteps && width >= RowForm.LeastWidth && NonZeros <= GreatestShare * width * Count;

    /// <summary>max |x| over all features.</summary>
    public double GreatestFeature { get; private set; }

    public double TargetMean => _targetMean;

    /// <summary>√(Σ(y − ȳ)²/n).</summary>
    public double TargetDeviation => Math.Sqrt(_targetSquares / _targets);

    /// <summary>max |y|.</summary>
    public double GreatestTarget { get; private set; }

    public float LeastWeight { get; private set; } = float.PositiveInfinity;

    public float GreatestWeight { get; private set; }

    /// <summary>
    /// The power of two that brings the greatest weight into [1, 2): losses are means by weight, so that no bit of them changes, and no
    /// sum of weights overflows.
    /// </summary>
    public double WeightScale => Math.ScaleB(1, -Math.ILogB(GreatestWeight));

    /// <summary>Rows with each target, or steps where these have targets; of use where targets are classes.</summary>
    public SortedDictionary<float, long> RowsOfTarget { get; } = [];

    /// <summary>Σx/n of a feature.</summary>
    public double Mean(int feature) => _mean[feature] * (_seen[feature] / Values(feature));

    /// <summary>√(Σ(x − x̄)²/n) of a feature; 0 where it is the same number in all rows, and nowhere else.</summary>
    public double Deviation(int feature) => Math.Sqrt(Squares(feature) / Values(feature));

    /// <summary>Some of the rows.</summary>
    public RowSample Sample { get; } = new(width);

    /// <summary>The features that are the same number in all rows.</summary>
    public IEnumerable<int> Constant => Enumerable.Range(0, width).Where(feature => Squares(feature) == 0);

    /// <summary>Σ(x − x̄)². The values seen have the mean m and the sum s around it; the N − n zeros add n·(N − n)/N·m².</summary>
    private double Squares(int feature) =>
        _squares[feature] + _mean[feature] * _mean[feature] * _seen[feature] * (Values(feature) - _seen[feature]) / Values(feature);

    private long Values(int feature) => feature < before ? Count : Steps;

    /// <param name="features">Of a row.</param>
    /// <param name="targets">Of the row, or of its steps; NaN for none.</param>
    /// <param name="targetsAreClasses">Whether they are the indexes of classes.</param>
    /// <param name="weight">Of the row.</param>
    public void Add(in VBuffer<float> features, ReadOnlySpan<float> targets, bool targetsAreClasses, float weight = 1)
    {
        if (features.IsDense)
        {
            Add(features.GetValues(), targets, targetsAreClasses, weight);
            return;
        }
        Sample.Add(features, targets[0]);
        var slots = features.GetIndices();
        var values = features.GetValues();
        for (var i = 0; i < slots.Length; i++)
        {
            var (slot, value) = (slots[i], (double)values[i]);
            var off = value - _mean[slot];
            _mean[slot] += off / ++_seen[slot];
            _squares[slot] += off * (value - _mean[slot]);
        }
        NonZeros += slots.Length;
        Steps++;
        Add(values.IsEmpty ? 0 : TensorPrimitives.MaxMagnitude(values), targets, targetsAreClasses, weight);
    }

    public void Add(ReadOnlySpan<float> features, float target, bool targetsAreClasses, float weight = 1) => Add(features, [target], targetsAreClasses, weight);

    private void Add(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, bool targetsAreClasses, float weight)
    {
        var step = width - before;
        for (var first = before; first < features.Length; first += step)
        {
            Sample.Add(features[..before], features.Slice(first, step), targets[0]);
            if (first == before)
                Add(features[..width], 0);
            else
                Add(features.Slice(first, step), before);
        }
        Add(TensorPrimitives.MaxMagnitude(features), targets, targetsAreClasses, weight);
    }

    /// <summary>Adds values of the features from one on.</summary>
    private void Add(ReadOnlySpan<float> values, int first)
    {
        if (_row.Length == 0)
            (_row, _off) = (new double[width], new double[width]);
        var row = _row.AsSpan(first);
        var off = _off.AsSpan(first);
        var seen = _seen.AsSpan(first);
        var mean = _mean.AsSpan(first);
        var squares = _squares.AsSpan(first);
        TensorPrimitives.ConvertChecked(values, row);
        TensorPrimitives.Add(seen, 1, seen);
        TensorPrimitives.Subtract(row, mean, off);
        for (var i = 0; i < values.Length; i++)
            mean[i] += off[i] / seen[i];
        TensorPrimitives.Subtract(row, mean, row);
        TensorPrimitives.MultiplyAdd(off, row, squares, squares);
        NonZeros += values.Length - values.Count(0);
        Steps++;
    }

    /// <summary>√(Σ‖x‖²/n) over the rows, by their first numbers.</summary>
    private double RowNorm(int numbers) => Math.Sqrt(Enumerable.Range(0, numbers).Sum(i => Squares(i) / Values(i) + Mean(i) * Mean(i)));

    /// <summary>
    /// Three numbers a feature: (x − mean)·scale + offset has mean 0 and standard deviation 1 over these rows. The mean is rounded to Single,
    /// so that x − mean is exact for x near it; the offset makes up for the rounding. Where data is sparse, zeros stay zeros, and all features
    /// have one scale, by which the squared norm of a row has mean 1: with their own, words of a single row would drown all others.
    /// </summary>
    /// <param name="scaleOfConstants">The scale of a feature that is constant; by 0 it is 0 whatever comes.</param>
    /// <param name="features">Features that are numbers, the first ones or those of the steps; by default all.</param>
    public (float[] Mean, float[] Scale, float[] Offset) Scaling(float scaleOfConstants = 0, Range? features = null)
    {
        var (first, count) = (features ?? Range.All).GetOffsetAndLength(width);
        float[] means = new float[count], scales = new float[count], offsets = new float[count];
        var ofSparse = IsSparse ? 1 / RowNorm(count) : 0;
        for (var i = 0; i < count; i++)
        {
            var (mean, deviation) = (Mean(first + i), Deviation(first + i));
            if (deviation == 0)
            {
                // Less 0 no number leaves the range of Single, and times 0 it is 0.
                (means[i], scales[i]) = (scaleOfConstants == 0 ? 0 : (float)mean, scaleOfConstants);
                continue;
            }
            // The inverse of a subnormal deviation can be beyond Single.
            scales[i] = (float)Math.Min(IsSparse ? ofSparse : 1 / deviation, float.MaxValue);
            if (IsSparse)
                continue;
            means[i] = (float)mean;
            offsets[i] = (float)((means[i] - mean) * scales[i]);
        }
        return (means, scales, offsets);
    }

    private void Add(float greatest, ReadOnlySpan<float> targets, bool targetsAreClasses, float weight)
    {
        Count++;
        GreatestFeature = Math.Max(GreatestFeature, Math.Abs(greatest));
        (LeastWeight, GreatestWeight) = (Math.Min(LeastWeight, weight), Math.Max(GreatestWeight, weight));
        foreach (var target in targets)
            if (!float.IsNaN(target))
                Add(target, targetsAreClasses);
    }

    private void Add(float target, bool isClass)
    {
        _targets++;
        GreatestTarget = Math.Max(GreatestTarget, Math.Abs(target));
        var off = target - _targetMean;
        _targetMean += off / _targets;
        _targetSquares += off * (target - _targetMean);
        if (isClass)
            RowsOfTarget[target] = RowsOfTarget.GetValueOrDefault(target) + 1;
    }
}
