using System.Diagnostics;
using Microsoft.ML.GradientStability;

namespace Growth;

/// <summary>The processor time at which the epochs of a fit ended.</summary>
internal sealed class EpochEnds : IProgress<TrainingProgress>
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
        if (Count++ == 0)
            First = Last;
    }
}
