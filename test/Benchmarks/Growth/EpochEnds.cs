using System.Diagnostics;
using Microsoft.ML.GradientStability;

namespace Growth;

/// <summary>The processor time at which the epochs of a fit ended.</summary>
/// <param name="first">The epoch from whose end on steps count.</param>
internal sealed class EpochEnds(int first) : IProgress<TrainingProgress>
{
    public int Count { get; private set; }

    public (double Time, long Step) First { get; private set; }

    public (double Time, long Step) Last { get; private set; }

    /// <summary>In microseconds.</summary>
    public static double Now() => Process.GetCurrentProcess().TotalProcessorTime.TotalMicroseconds;

    public void Report(TrainingProgress progress)
    {
        if (progress.Finding is not null)
            return;
        Last = (Now(), progress.Step);
        if (++Count == first)
            First = Last;
    }
}
