using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

// Fits a small regression and prints its R², or the error that a user would see.
var ml = new MLContext(seed: 1);
var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 64).Select(i => new Row { Features = [i % 8, i / 8], Label = i % 8 - i / 8 }));
try
{
    using var model = ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { Network = Network.FeedForward(8), Epochs = 20 }).Fit(data);
    Console.WriteLine($"fitted: {ml.Regression.Evaluate(model.Transform(data)).RSquared:F2}");
}
catch (Exception e)
{
    Console.WriteLine($"{e.GetType().Name}: {e.Message}");
}

internal sealed class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }
}
