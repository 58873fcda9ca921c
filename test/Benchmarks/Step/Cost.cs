using System.Diagnostics;

namespace Step;

/// <summary>What a step takes, in microseconds.</summary>
/// <param name="Processor">Of all threads.</param>
/// <param name="Wall">By the clock.</param>
internal readonly record struct Cost(double Processor, double Wall)
{
    /// <summary>From the start of the process.</summary>
    public static Cost Now() => new(Process.GetCurrentProcess().TotalProcessorTime.TotalMicroseconds, Stopwatch.GetTimestamp() * 1e6 / Stopwatch.Frequency);

    public static Cost operator -(Cost a, Cost b) => new(a.Processor - b.Processor, a.Wall - b.Wall);

    public static Cost operator /(Cost a, double steps) => new(a.Processor / steps, a.Wall / steps);
}
