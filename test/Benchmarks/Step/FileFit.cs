using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using static System.FormattableString;

namespace Step;

/// <summary>From a table in a file to a model and its answers for other rows, by an ML.NET pipeline and by pandas and PyTorch, in turn.</summary>
internal static class FileFit
{
    /// <summary>Fits of each before those that count: after them nothing is compiled any more.</summary>
    private const int WarmUps = 4;

    /// <summary>Lines of the page.</summary>
    public static IEnumerable<string> Measure(int turns, PythonLoop? python)
    {
        using var table = new TableFile();
        var done = Enumerable.Range(0, turns + WarmUps).Select(_ => (Product: Fit(table), Python: python?.Fit(table))).ToArray();
        var first = done[0];
        done = done[WarmUps..];
        yield return "";
        yield return "## From a file to a model";
        yield return "";
        yield return Invariant($"A table of {TableFile.Rows:N0} rows, {TableFile.Features} numbers and a word as label, is read from a file of comma-separated values, standardized and learnt by 2 × {TableFile.Units} units in");
        yield return Invariant($"{TableFile.Epochs} epochs of batches of {TableFile.Batch}, Adam, clipping at norm 1; then {TableFile.Others:N0} other rows are answered. One thread, programs that are started already and have done it {WarmUps} times.");
        yield return "";
        yield return "| | ms of processor time | ms by the clock | right answers |";
        yield return "| --- | --- | --- | --- |";
        yield return Row("ML.NET pipeline with the trainer, all diagnostics, the first time", [first.Product]);
        yield return Row("the same from then on", done.Select(turn => turn.Product));
        if (done[0].Python is null)
        {
            yield return "| pandas and PyTorch | not here | | |";
            yield break;
        }
        yield return Row("pandas and PyTorch, the first time", [first.Python!.Value]);
        yield return Row("the same from then on", done.Select(turn => turn.Python!.Value));
        yield return Invariant($"| times as fast | **{Median(done.Select(turn => turn.Python!.Value.Cost.Processor / turn.Product.Cost.Processor)):F2}** | {Median(done.Select(turn => turn.Python!.Value.Cost.Wall / turn.Product.Cost.Wall)):F2} | |");
    }

    private static (Cost Cost, double Right) Fit(TableFile table)
    {
        var start = Cost.Now();
        var ml = new MLContext(seed: 1);
        var columns = new[] { new TextLoader.Column("Features", DataKind.Single, 0, TableFile.Features - 1), new TextLoader.Column("Label", DataKind.String, TableFile.Features) };
        var loader = ml.Data.CreateTextLoader(columns, separatorChar: ',', hasHeader: true);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward(TableFile.Units, TableFile.Units) with { Normalization = Normalization.None },
            Optimizer = Optimizer.Adam(),
            Schedule = LearningRateSchedule.Constant,
            LabelSmoothing = 0,
            BatchSize = TableFile.Batch,
            Epochs = TableFile.Epochs,
            Threads = 1,
        }));
        var model = pipeline.Fit(loader.Load(table.Train));
        var right = ml.MulticlassClassification.Evaluate(model.Transform(loader.Load(table.Test))).MicroAccuracy;
        model.LastTransformer.Dispose();
        return (Cost.Now() - start, right);
    }

    private static string Row(string name, IEnumerable<(Cost Cost, double Right)> fits) =>
        Invariant($"| {name} | {Median(fits.Select(fit => fit.Cost.Processor)) / 1e3:F0} | {Median(fits.Select(fit => fit.Cost.Wall)) / 1e3:F0} | {Median(fits.Select(fit => fit.Right)):P1} |");

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
