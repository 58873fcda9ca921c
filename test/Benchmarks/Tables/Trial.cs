using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tables;

/// <summary>One fit, judged on the test rows of its fold.</summary>
/// <param name="Quality">Accuracy, or R².</param>
/// <param name="Loss">Log-loss in nats, or RMSE.</param>
/// <param name="Seconds">Processor time of the fit.</param>
internal readonly record struct Trial(double Quality, double Loss, double Seconds)
{
    /// <summary>A probability below it counts as this much.</summary>
    private const double LeastProbability = 1e-7;

    public static Trial Run(MLContext ml, TableTask task, Contestant contestant, IDataView train, IDataView test)
    {
        GC.Collect();
        var start = Now();
        var model = contestant.Create(ml, task).Fit(train);
        var seconds = (Now() - start).TotalSeconds;
        var scored = model.Transform(test);
        var (quality, loss) = task switch
        {
            TableTask.Binary => Binary(scored),
            TableTask.Multi => Multi(scored),
            _ => Regression(scored),
        };
        (model as IDisposable)?.Dispose();
        return new Trial(quality, loss, seconds);
    }

    private static (double, double) Binary(IDataView scored)
    {
        var rows = scored.GetColumn<bool>("Label").Zip(scored.GetColumn<float>("Probability")).ToArray();
        return (rows.Average(row => row.Second > 0.5f == row.First ? 1.0 : 0), rows.Average(row => LogLoss(row.First ? row.Second : 1 - row.Second)));
    }

    private static (double, double) Multi(IDataView scored)
    {
        var rows = scored.GetColumn<uint>("Label").Zip(scored.GetColumn<float[]>("Score")).ToArray();
        return (rows.Average(row => row.Second.AsSpan().IndexOf(row.Second.Max()) == row.First - 1 ? 1.0 : 0),
            rows.Average(row => LogLoss(row.Second[row.First - 1])));
    }

    private static (double, double) Regression(IDataView scored)
    {
        var rows = scored.GetColumn<float>("Label").Zip(scored.GetColumn<float>("Score")).ToArray();
        var mean = rows.Average(row => (double)row.First);
        var squares = rows.Average(row => Math.Pow(row.First - row.Second, 2));
        return (1 - squares / rows.Average(row => Math.Pow(row.First - mean, 2)), Math.Sqrt(squares));
    }

    private static double LogLoss(double probability) => -Math.Log(Math.Max(probability, LeastProbability));

    private static TimeSpan Now() => Process.GetCurrentProcess().TotalProcessorTime;
}
