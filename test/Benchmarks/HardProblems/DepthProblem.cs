using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

namespace HardProblems;

/// <summary>Plain and residual convolutions of 20 and of 56 layers on digits of 8 × 8 pixels: the degradation that shortcuts cure (He et al. 2015).</summary>
internal static class DepthProblem
{
    private const int Pixels = 64;

    public static void Run()
    {
        Console.WriteLine("Depth, digits of 8 × 8 pixels; share of the training rows that are wrong in the end");
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.Cache(ml.Data.CreateTextLoader(new TextLoader.Options
        {
            HasHeader = true, Separators = [','], Columns = [new("Features", DataKind.Single, 0, Pixels - 1), new("Label", DataKind.String, Pixels)],
        }).Load(Path.Combine(AppContext.BaseDirectory, "digits.csv")));
        var data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        foreach (var (layers, residual) in new[] { (20, false), (56, false), (20, true), (56, true) })
        {
            var network = Network.Convolutional(8, 16, 32) with
            {
                // A stem, three stages and the output layer.
                Input = InputShape.Image(1, 8, 8), Layers = (layers - 2) / 3, Residual = residual ? Residual.Identity with { BranchLayers = 2 } : null,
            };
            Trial.Measure(
                () => ml.MulticlassClassification.Trainers.DeepNetwork(new()
                {
                    Network = network, Optimizer = Optimizer.Sgd(0.05, momentum: 0.9), BatchSize = 64, Epochs = 8, LabelSmoothing = 0, Seed = 1, Stability = StabilityPolicy.Warn,
                }).Fit(data),
                model => 1 - ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy).Print($"{layers} layers, {(residual ? "residual" : "plain")}", "wrong");
        }
    }
}
