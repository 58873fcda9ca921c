using System.Diagnostics;
using Microsoft.ML;

namespace Pipelines;

/// <summary>One application, the whole pipeline fitted and judged twice.</summary>
internal sealed record Comparison(string What, string Trainer, Outcome Before, Outcome Ours, double Bar)
{
    public bool Holds => Ours.Quality >= Bar;

    public static Comparison Of(string what, string trainer, double bar, Func<double> before, Func<double> ours)
    {
        // What is loaded and compiled at the first use is no time of a trainer.
        before();
        ours();
        return new Comparison(what, trainer, Outcome.Of(before), Outcome.Of(ours), bar);
    }

    public override string ToString() =>
        $"{What,-34} {Trainer,-8} {Before.Quality:F4} in {Before.Time.TotalSeconds:F1} s   network {Ours.Quality:F4} in {Ours.Time.TotalSeconds:F1} s   bar {Bar:F2}  {(Holds ? "held" : "FAILED")}";
}

/// <summary>What a pipeline reached, and the time it took.</summary>
internal readonly record struct Outcome(double Quality, TimeSpan Time)
{
    public static Outcome Of(Func<double> run)
    {
        var clock = Stopwatch.StartNew();
        return new Outcome(run(), clock.Elapsed);
    }
}
