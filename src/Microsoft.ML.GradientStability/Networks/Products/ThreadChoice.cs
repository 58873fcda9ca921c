using System.Diagnostics;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Whether a piece of work that is done over and over goes faster by several threads or by one, found out by doing it: the one that took less of the clock
/// lately is taken, and the other one tried now and then, the more seldom the more often it was slower. Cores that others keep busy make several slower.
/// </summary>
internal sealed class ThreadChoice
{
    /// <summary>The first times, which measure both, the second time with code and memory that are warm.</summary>
    private const int First = 4;

    /// <summary>The most times from one trial of the slower one to the next.</summary>
    private const int MostBetween = 1024;

    /// <summary>The weight of the newest measurement in the running mean of the faster one, and that of a trial in the mean of the slower one.</summary>
    private const double Newest = 0.1, OfTrial = 0.5;

    private double _one;
    private double _several;
    private int _times;
    private int _between = 16;
    private int _next = First + 16;
    private bool _isTrial;
    private bool _bySeveral;
    private long _start;

    /// <summary>Begins the work; whether by several threads.</summary>
    public bool Begin()
    {
        var faster = _several < _one;
        _isTrial = _times == _next;
        _bySeveral = _times < First ? _times % 2 == 1 : _isTrial ? !faster : faster;
        _times++;
        _start = Stopwatch.GetTimestamp();
        return _bySeveral;
    }

    /// <summary>Ends it.</summary>
    /// <param name="size">How much work it was.</param>
    public void End(double size)
    {
        var time = (Stopwatch.GetTimestamp() - _start) / size;
        var other = _bySeveral ? _one : _several;
        ref var mean = ref _bySeveral ? ref _several : ref _one;
        mean += (_times <= First ? 1 : _isTrial ? OfTrial : Newest) * (time - mean);
        if (!_isTrial)
            return;
        // What was faster this time is tried again at once.
        _between = time < other ? 1 : Math.Min(2 * _between, MostBetween);
        _next = _times + _between - 1;
    }
}
