using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using static System.FormattableString;

namespace HardProblems;

/// <summary>One fit: what it reached on fresh rows, and what the product said of it.</summary>
/// <param name="Score">Share of wrong rows, log-loss in nats, or mean squared error.</param>
/// <param name="Findings">Of the fit.</param>
/// <param name="Time">That it took.</param>
internal sealed record Trial(double Score, IReadOnlyList<Finding> Findings, TimeSpan Time)
{
    private const int FreshRows = 10_000;

    public static Trial Classes(Sequences problem, Network network, int rows, int seed, Action<DeepNetworkMulticlassTrainer.Options> change,
        Func<MulticlassClassificationMetrics, double>? judge = null)
    {
        judge ??= metrics => 1 - metrics.MicroAccuracy;
        var ml = new MLContext(seed);
        var options = new DeepNetworkMulticlassTrainer.Options { Network = network, LabelSmoothing = 0, Seed = seed, Stability = StabilityPolicy.Warn };
        change(options);
        return Measure(() => ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(problem.Rows(ml, rows, seed)),
            model => judge(ml.MulticlassClassification.Evaluate(model.Transform(problem.Rows(ml, FreshRows, seed + 1000)))));
    }

    public static Trial Number(Sequences problem, Network network, int rows, int seed, Action<DeepNetworkRegressionTrainer.Options> change)
    {
        var ml = new MLContext(seed);
        var options = new DeepNetworkRegressionTrainer.Options { Network = network, LabelColumnName = "Target", Seed = seed, Stability = StabilityPolicy.Warn };
        change(options);
        return Measure(() => ml.Regression.Trainers.DeepNetwork(options).Fit(problem.Rows(ml, rows, seed)),
            model => ml.Regression.Evaluate(model.Transform(problem.Rows(ml, FreshRows, seed + 1000)), "Target").MeanSquaredError);
    }

    public static Trial Measure(Func<DeepNetworkTransformer> fit, Func<ITransformer, double> judge)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var model = fit();
            return new Trial(judge(model), model.Model.Summary.Findings, clock.Elapsed);
        }
        catch (GradientStabilityException e)
        {
            return new Trial(double.NaN, e.Findings, clock.Elapsed);
        }
    }

    public void Print(string what, string unit)
    {
        Console.WriteLine(Invariant($"  {what}: {(double.IsNaN(Score) ? "no step could be taken" : Invariant($"{unit} {Score:G3}"))} ({Time.TotalSeconds:F0} s)"));
        foreach (var finding in Findings)
            Console.WriteLine($"    {finding.ToString().ReplaceLineEndings(" ")}");
    }
}
