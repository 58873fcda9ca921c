using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Counts, means and standard deviations of features and targets over the rows that train; one pass, constant memory, Welford's
/// update in double precision. Of a sparse row the non-zeros alone are looked at, the zeros are counted in at the end.
/// </summary>
internal sealed class RowStatistics(int width)
{
    /// <summary>The greatest share of non-zeros that makes data sparse; with more, dense batches are as fast (<c>build/bench.sh Sparse</c>).</summary>
    private const double GreatestShare = 0.02;

    private readonly double[] _seen = new double[width];
    private readonly double[] _nonZeros = new double[width];
    private readonly double[] _mean = new double[width];
    private readonly double[] _squares = new double[width];
    private double[] _row = [];
    private double[] _off = [];
    private double _targetMean;
    private double _targetSquares;

    /// <summary>Features a row.</summary>
    public int Width => width;

    public long Count { get; private set; }

    /// <summary>Features that are not 0, of all rows.</summary>
    public long NonZeros { get; private set; }

    /// <summary>
    /// Whether the rows are wide and nearly all zeros: of <see cref="RowForm.LeastWidth"/> features at least one in 50 at most is not 0.
    /// </summary>
    public bool IsSparse => width >= RowForm.LeastWidth && NonZeros <= GreatestShare * width * Count;

    /// <summary>max |x| over all features.</summary>
    public double GreatestFeature { get; private set; }

    public double TargetMean => _targetMean;

    /// <summary>√(Σ(y − ȳ)²/n).</summary>
    public double TargetDeviation => Math.Sqrt(_targetSquares / Count);

    /// <summary>Rows with each target; of use where targets are classes.</summary>
    public SortedDictionary<float, long> RowsOfTarget { get; } = [];

    public void Add(in VBuffer<float> features, float target, bool targetsAreClasses)
    {
        if (features.IsDense)
        {
            Add(features.GetValues(), target, targetsAreClasses);
            return;
        }
        var slots = features.GetIndices();
        var values = features.GetValues();
        for (var i = 0; i < slots.Length; i++)
        {
            var (slot, value) = (slots[i], (double)values[i]);
            var off = value - _mean[slot];
            _mean[slot] += off / ++_seen[slot];
            _squares[slot] += off * (value - _mean[slot]);
            _nonZeros[slot]++;
        }
        NonZeros += slots.Length;
        Add(values.IsEmpty ? 0 : TensorPrimitives.MaxMagnitude(values), target, targetsAreClasses);
    }

    public void Add(ReadOnlySpan<float> features, float target, bool targetsAreClasses)
    {
        if (_row.Length == 0)
            (_row, _off) = (new double[width], new double[width]);
        TensorPrimitives.ConvertChecked(features, _row);
        TensorPrimitives.Add(_seen, 1, _seen);
        TensorPrimitives.Subtract(_row, _mean, _off);
        for (var i = 0; i < features.Length; i++)
        {
            _mean[i] += _off[i] / _seen[i];
            _nonZeros[i] += features[i] == 0 ? 0 : 1;
        }
        TensorPrimitives.Subtract(_row, _mean, _row);
        TensorPrimitives.MultiplyAdd(_off, _row, _squares, _squares);
        NonZeros += features.Length - features.Count(0);
        Add(TensorPrimitives.MaxMagnitude(features), target, targetsAreClasses);
    }

    /// <summary>
    /// A mean and a factor a feature. (x − mean)·scale has mean 0 and standard deviation 1 over these rows; but where data is sparse and at
    /// most a quarter of a feature's values is not 0, its mean is given as 0, so that zeros stay zeros.
    /// </summary>
    public (float[] Mean, float[] Scale) Scaling()
    {
        var (means, scales) = (new float[width], new float[width]);
        for (var i = 0; i < width; i++)
        {
            // The values seen have the mean m and the sum of squares s around it; the zeros add n·(N − n)/N·m² to s.
            var mean = _mean[i] * (_seen[i] / Count);
            var squares = _squares[i] + _mean[i] * _mean[i] * _seen[i] * (Count - _seen[i]) / Count;
            var deviation = Math.Sqrt(squares / Count);
            // What varies by less than its own rounding does not vary.
            var scale = deviation > 1e-6 * Math.Abs(mean) ? 1 / deviation : 0;
            if (IsSparse && 4 * _nonZeros[i] <= Count)
                mean = 0;
            (means[i], scales[i]) = ((float)mean, float.IsFinite((float)scale) ? (float)scale : 0);
        }
        return (means, scales);
    }

    private void Add(float greatest, float target, bool targetsAreClasses)
    {
        Count++;
        GreatestFeature = Math.Max(GreatestFeature, Math.Abs(greatest));
        var off = target - _targetMean;
        _targetMean += off / Count;
        _targetSquares += off * (target - _targetMean);
        if (targetsAreClasses)
            RowsOfTarget[target] = RowsOfTarget.GetValueOrDefault(target) + 1;
    }
}
