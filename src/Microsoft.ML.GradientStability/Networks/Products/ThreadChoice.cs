using System.Diagnostics;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Whether a piece of work that is done over and over goes faster by several threads or by one, found out by doing it: both are tried now and then, and the
/// one that took less of the clock lately is taken the rest of the time. Cores that others keep busy make several slower.
/// </summary>
internal sealed class ThreadChoice
{
    /// <summary>Every so many times the slower one is tried.</summary>
    private const int Between = 32;

    /// <summary>The weight of the newest measurement in the running means.</summary>
    private const double Newest = 0.1;

    private double _one;
    private double _several;
    private int _times;
    private bool _tries;
    private long _start;

    /// <summary>Begins the work; whether by several threads.</summary>
    public bool Begin()
    {
        // The first four measure both, the second time with code and memory that are warm.
        var better = _several < _one;
        _tries = _times < 4 ? _times % 2 == 1 : _times % Between == 0 ? !better : better;
        _times++;
        _start = Stopwatch.GetTimestamp();
        return _tries;
    }

    /// <summary>Ends it.</summary>
    /// <param name="size">How much work it was.</param>
    public void End(double size)
    {
        var time = (Stopwatch.GetTimestamp() - _start) / size;
        ref var mean = ref _tries ? ref _several : ref _one;
        mean = _times <= 4 ? time : mean + Newest * (time - mean);
    }
}
