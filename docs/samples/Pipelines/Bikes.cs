using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using Microsoft.ML.Trainers.FastTree;

namespace Pipelines;

/// <summary>Bikes rented in an hour, from date and weather; judged on the months that follow.</summary>
internal static class Bikes
{
    public static Comparison Compare()
    {
        var ml = new MLContext(seed: 1);
        var loader = ml.Data.CreateTextLoader(new TextLoader.Options
        {
            HasHeader = true,
            Separators = [','],
            Columns = [new("Features", DataKind.Single, 2, 13), new("Label", DataKind.Single, 16)],
        });
        var train = loader.Load(Path.Combine(AppContext.BaseDirectory, "bike-train.csv"));
        var test = loader.Load(Path.Combine(AppContext.BaseDirectory, "bike-test.csv"));
        double Run(IEstimator<ITransformer> trainer) => ml.Regression.Evaluate(trainer.Fit(train).Transform(test)).RSquared;
        return Comparison.Of("bikes an hour, R²", "FastTree", bar: 0.91,
            () => Run(ml.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options { NumberOfThreads = 1 })),
            () => Run(ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { Threads = 1 })));
    }
}
