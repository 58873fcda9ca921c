namespace Microsoft.ML.GradientStability;

/// <summary>
/// The course of the loss over the steps: its running mean and deviation (exponential, weight 0.1 for the newest step), the greatest
/// spike in deviations above the mean, and how often it changed its direction.
/// </summary>
internal sealed class LossCourse
{
    private const double Newest = 0.1;

    private double _last = double.NaN;
    private double _lastChange;
    private double _variance;
    private long _changes;
    private long _turns;

    /// <summary>Running mean; NaN before the first step.</summary>
    public double Mean { get; private set; } = double.NaN;

    /// <summary>Running standard deviation.</summary>
    public double Deviation => Math.Sqrt(_variance);

    /// <summary>(loss − mean)/deviation at the last step, both as they were before it; 0 as long as there is no deviation.</summary>
    public double Spike { get; private set; }

    /// <summary>Share of changes of the loss that went the other way than the change before; ⅔ for independent values.</summary>
    public double Oscillation => _changes == 0 ? 0 : (double)_turns / _changes;

    public void Add(double loss)
    {
        if (!double.IsFinite(loss))
            return;
        if (double.IsNaN(Mean))
            (Mean, _last) = (loss, loss);
        Spike = _variance > 0 ? (loss - Mean) / Deviation : 0;
        var off = loss - Mean;
        Mean += Newest * off;
        _variance = (1 - Newest) * (_variance + Newest * off * off);
        var change = loss - _last;
        if (_lastChange != 0 && change != 0)
        {
            _changes++;
            if (change * _lastChange < 0)
                _turns++;
        }
        (_last, _lastChange) = (loss, change);
    }
}
