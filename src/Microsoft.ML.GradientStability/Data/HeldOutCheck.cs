using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Whether held-out rows can be of the distribution that the training rows are of. It is made to see rows that did not pass the transforms
/// that the training rows passed, and to leave honest ones alone, however few, and later in time.
/// </summary>
/// <remarks>
/// Two signs a feature. Beyond: by Chebyshev's inequality at most 1 of 100 values lies more than 10 standard deviations from the mean,
/// whatever the distribution; that 3 + n/10 of n such rows do (2 of 2) has a probability below 10⁻⁴. Squeezed: the deviation is less than a
/// tenth of n/N of that of the N training rows, and of what the middle half of those reaches over, so that outliers among them do not count; a
/// value that grows steadily in time, the extreme of what honest rows do, gives n/N. The rows are called foreign where a tenth of the features, or the target, are beyond, or half of them squeezed.
/// </remarks>
internal sealed class HeldOutCheck
{
    private const double Bound = 10;

    /// <summary>Rows are looked at up to here; more say the same.</summary>
    private const int MostRows = 1000;

    /// <summary>A deviation of fewer rows is mostly chance.</summary>
    private const int FewRows = 8, FewHeldOut = 5;

    private readonly RowStatistics _training;
    private readonly RowStatistics _rows;
    private readonly bool _judgesTarget;
    private readonly int[] _beyond;
    private readonly float[] _ofStep;
    private float[] _row = [];
    private int _targetBeyond;

    /// <param name="training">Of the rows that train.</param>
    /// <param name="judgesTarget">Whether targets are numbers, and not classes.</param>
    public HeldOutCheck(RowStatistics training, bool judgesTarget)
    {
        (_training, _judgesTarget) = (training, judgesTarget);
        _rows = new RowStatistics(training.Width);
        (_beyond, _ofStep) = (new int[training.Width], new float[training.Width]);
    }

    public void Add(in VBuffer<float> row, float target)
    {
        if (_row.Length < row.Length)
            _row = new float[row.Length];
        row.CopyTo(_row);
        var (before, step) = (_training.Before, _training.Width - _training.Before);
        // What stands before the steps is judged with each of them.
        _row.AsSpan(0, before).CopyTo(_ofStep);
        for (var first = before; first < row.Length; first += step)
        {
            _row.AsSpan(first, step).CopyTo(_ofStep.AsSpan(before));
            Add(_ofStep, target);
        }
    }

    /// <summary>A row, or a step of one where these are sequences of different lengths.</summary>
    private void Add(ReadOnlySpan<float> features, float target)
    {
        if (_rows.Count == MostRows)
            return;
        _rows.Add(features, target, targetsAreClasses: false);
        for (var i = 0; i < _beyond.Length; i++)
            if (Math.Abs(features[i] - _training.Mean(i)) > Bound * _training.Deviation(i))
                _beyond[i]++;
        if (Math.Abs(target - _training.TargetMean) > Bound * _training.TargetDeviation)
            _targetBeyond++;
    }

    /// <summary>What is foreign about the rows; <see langword="null"/> for nothing.</summary>
    /// <param name="columns">Theirs.</param>
    public string? Finding(BoundColumns columns)
    {
        if (_training.Count < FewRows || _rows.Count < 2)
            return null;
        var many = Math.Min(_rows.Count, 3 + _rows.Count / 10);
        if (_judgesTarget && _targetBeyond >= many)
            return $"the label in column '{columns.Label!.Value.Name}' lies more than 10 standard deviations of the training rows from their mean";

        var varying = Enumerable.Range(0, _training.Width).Where(i => _training.Deviation(i) > 0).ToArray();
        var beyond = varying.Where(i => _beyond[i] >= many).ToArray();
        if (beyond.Length > 0 && beyond.Length >= varying.Length / 10.0)
            return $"{beyond.Length} of {varying.Length} features lie more than 10 standard deviations of the training rows from their mean: {Names(beyond)}";
        if (_rows.Count < FewHeldOut)
            return null;
        var least = 0.1 * Math.Min(1, (double)_rows.Count / _training.Count);
        var squeezed = varying.Where(i => _rows.Deviation(i) is > 0 and var deviation
            && deviation < least * Math.Min(_training.Deviation(i), _training.Sample.MiddleHalf(i))).ToArray();
        if (squeezed.Length > 0 && squeezed.Length >= varying.Length / 2.0)
            return $"{squeezed.Length} of {varying.Length} features vary by less than {least:P2} of what they vary by in the training rows: {Names(squeezed)}";
        return varying.All(i => _rows.Deviation(i) == 0) ? "all rows have the same features" : null;

        string Names(int[] slots) => Listing.Of(columns.Features.Names(slots), slots.Length);
    }
}
