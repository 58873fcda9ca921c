using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Counts, means and standard deviations of features and targets over the rows that train; one pass, constant memory, Welford's
/// update in double precision.
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

    /// <summary>Rows with each target; of use where targets are classes.</summary>
    public SortedDictionary<float, long> RowsOfTarget { get; } = [];

    public void Add(ReadOnlySpan<float> features, float target, bool targetsAreClasses)
    {
        Count++;
        GreatestFeature = Math.Max(GreatestFeature, Math.Abs(TensorPrimitives.MaxMagnitude(features)));
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

    /// <summary>A mean and a factor a feature: (x − mean)·scale has mean 0 and standard deviation 1 over these rows.</summary>
    public (float[] Mean, float[] Scale) Scaling()
    {
        var scale = new float[width];
        for (var i = 0; i < width; i++)
        {
            var deviation = Math.Sqrt(_squares[i] / Count);
            // What varies by less than its own rounding does not vary.
            scale[i] = deviation > 1e-6 * Math.Abs(_mean[i]) ? (float)(1 / deviation) : 0;
            if (!float.IsFinite(scale[i]))
                scale[i] = 0;
        }
        return (Array.ConvertAll(_mean, m => (float)m), scale);
    }
}
