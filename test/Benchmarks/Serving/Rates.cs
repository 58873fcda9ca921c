using System.Diagnostics;

namespace Serving;

/// <summary>
/// Work a second, of many short rounds: by the clock, and by the processor time of this process, which is the same on a machine that others load. The first
/// round, which compiles, is left out.
/// </summary>
internal sealed class Rates
{
    private readonly List<(double Clock, double Processor)> _rounds = [];

    public int Rounds => _rounds.Count;

    /// <summary>The median by the clock.</summary>
    public double Median => Middle(_rounds.Select(round => round.Clock));

    /// <summary>The median of the processor time that one takes, callers' included, in µs.</summary>
    public double ProcessorMicroseconds => 1e6 / Middle(_rounds.Select(round => round.Processor));

    public void Add(Func<long> work) => Add(() => Task.FromResult(work())).GetAwaiter().GetResult();

    public async Task Add(Func<Task<long>> work)
    {
        var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var done = await work();
        _rounds.Add((done / clock.Elapsed.TotalSeconds, done / (Environment.CpuUsage.TotalTime - processor).TotalSeconds));
    }

    /// <summary>Prints the medians of the rounds' ratios to another's, and says whether that by the clock reaches a bar.</summary>
    public bool Beats(Rates slow, string what, double bar)
    {
        var clock = Middle(_rounds.Zip(slow._rounds, (f, s) => f.Clock / s.Clock));
        var processor = Middle(_rounds.Zip(slow._rounds, (f, s) => f.Processor / s.Processor));
        var held = bar == 0 ? "" : $"   bar {bar:F0}   {(clock >= bar ? "held" : "FAILED")}";
        Console.WriteLine($"  {what,-35}  {clock,10:F1}   by processor time {processor,5:F1}{held}");
        return clock >= bar;
    }

    private static double Middle(IEnumerable<double> rounds) => rounds.Skip(1).Order().ElementAt((rounds.Count() - 1) / 2);
}
