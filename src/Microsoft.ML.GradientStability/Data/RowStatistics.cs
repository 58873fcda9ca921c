using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Counts, means and standard deviations of features and targets over some rows; one pass, constant memory, Welford's update in double
/// precision. It sums differences from the running mean, so that an offset takes no digits of a small spread, and what never changes has
/// a deviation of exactly 0.
/// </summary>
internal sealed class RowStatistics(int width)
{
    private readonly double[] _mean = new double[width];
    private readonly double[] _squares = new double[width];
    private readonly double[] _row = new double[width];
    private readonly double[] _off = new double[width];
    private double _targetMean;
    private double _targetSquares;

    /// <summary>Features a row.</summary>
    public int Width => width;

    public long Count { get; private set; }

    /// <summary>max |x| over all features.</summary>
    public double GreatestFeature { get; private set; }

    public double TargetMean => _targetMean;

    /// <summary>√(Σ(y − ȳ)²/n).</summary>
    public double TargetDeviation => Math.Sqrt(_targetSquares / Count);

    /// <summary>max |y|.</summary>
    public double GreatestTarget { get; private set; }

    public float LeastWeight { get; private set; } = float.PositiveInfinity;

    public float GreatestWeight { get; private set; }

    /// <summary>
    /// The power of two that brings the greatest weight into [1, 2): losses are means by weight, so that no bit of them changes, and no
    /// sum of weights overflows.
    /// </summary>
    public double WeightScale => Math.ScaleB(1, -Math.ILogB(GreatestWeight));

    /// <summary>Rows with each target; of use where targets are classes.</summary>
    public SortedDictionary<float, long> RowsOfTarget { get; } = [];

    /// <summary>Σx/n of a feature.</summary>
    public double Mean(int feature) => _mean[feature];

    /// <summary>√(Σ(x − x̄)²/n) of a feature; 0 where it is the same number in all rows, and nowhere else.</summary>
    public double Deviation(int feature) => Math.Sqrt(_squares[feature] / Count);

    /// <summary>Some of the rows.</summary>
    public RowSample Sample { get; } = new(width);

    /// <summary>The features that are the same number in all rows.</summary>
    public IEnumerable<int> Constant => Enumerable.Range(0, width).Where(feature => _squares[feature] == 0);

    public void Add(ReadOnlySpan<float> features, float target, bool targetsAreClasses, float weight = 1)
    {
        Count++;
        Sample.Add(features);
        GreatestFeature = Math.Max(GreatestFeature, Math.Abs(TensorPrimitives.MaxMagnitude(features)));
        GreatestTarget = Math.Max(GreatestTarget, Math.Abs(target));
        (LeastWeight, GreatestWeight) = (Math.Min(LeastWeight, weight), Math.Max(GreatestWeight, weight));
        var share = 1.0 / Count;
        TensorPrimitives.ConvertChecked(features, _row);
        TensorPrimitives.Subtract(_row, _mean, _off);
        TensorPrimitives.MultiplyAdd(_off, share, _mean, _mean);
        TensorPrimitives.Subtract(_row, _mean, _row);
        TensorPrimitives.MultiplyAdd(_off, _row, _squares, _squares);
        var off = target - _targetMean;
        _targetMean += off * share;
        _targetSquares += off * (target - _targetMean);
        if (targetsAreClasses)
            RowsOfTarget[target] = RowsOfTarget.GetValueOrDefault(target) + 1;
    }

    /// <summary>
    /// Three numbers a feature: (x − mean)·scale + offset has mean 0 and standard deviation 1 over these rows. The mean is rounded to Single,
    /// so that x − mean is exact for x near it; the offset makes up for the rounding.
    /// </summary>
    /// <param name="scaleOfConstants">The scale of a feature that is constant; by 0 it is 0 whatever comes.</param>
    public (float[] Mean, float[] Scale, float[] Offset) Scaling(float scaleOfConstants = 0)
    {
        float[] mean = new float[width], scale = new float[width], offset = new float[width];
        for (var i = 0; i < width; i++)
        {
            if (Deviation(i) is var deviation && deviation == 0)
            {
                // Less 0 no number leaves the range of Single, and times 0 it is 0.
                (mean[i], scale[i]) = (scaleOfConstants == 0 ? 0 : (float)_mean[i], scaleOfConstants);
                continue;
            }
            // The inverse of a subnormal deviation can be beyond Single.
            (mean[i], scale[i]) = ((float)_mean[i], (float)Math.Min(1 / deviation, float.MaxValue));
            offset[i] = (float)((mean[i] - _mean[i]) * scale[i]);
        }
        return (mean, scale, offset);
    }
}
