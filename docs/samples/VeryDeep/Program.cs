// Networks so deep that their start decides whether they learn at all: handwritten digits, a fifth held out.
// The exit code is 0 only if both bars were reached.
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;

const double bar = 0.95;

var ml = new MLContext(seed: 1);
var loader = ml.Data.CreateTextLoader(new TextLoader.Options
{
    HasHeader = true,
    Separators = [','],
    Columns = [new("Features", DataKind.Single, 0, 63), new("Label", DataKind.String, 64)],
});
var digits = loader.Load(Path.Combine(AppContext.BaseDirectory, "digits.csv"));
var split = ml.Data.TrainTestSplit(digits, testFraction: 0.2, seed: 1);
var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(digits);
var (train, test) = (keys.Transform(split.TrainSet), keys.Transform(split.TestSet));

// 50 plain layers of tanh, without normalization or shortcuts: isometric weights carry the gradient through all of them.
var tanh = Network.FeedForward([.. Enumerable.Repeat(128, 50)]) with { Activation = Activation.Tanh, Normalization = Normalization.None };
Learn("50 plain tanh layers, LibTorch's weights", tanh, Initializer.Default);
var orthogonal = Learn("50 plain tanh layers, orthogonal weights", tanh, Initializer.Orthogonal);

// 100 layers of ReLU, without normalization: gates that start at 0 make the network begin as a shallow one (ReZero).
var relu = Network.FeedForward([.. Enumerable.Repeat(64, 100)]) with { Normalization = Normalization.None };
Learn("100 plain ReLU layers, LibTorch's weights", relu, Initializer.Default);
var gated = Learn("100 ReLU layers behind gates", relu with { Residual = Residual.Gated() }, Initializer.HeUniform);

Console.WriteLine($"50 plain tanh layers, orthogonal weights  accuracy {orthogonal:F4}  bar {bar}  {(orthogonal >= bar ? "held" : "FAILED")}");
Console.WriteLine($"100 ReLU layers behind gates              accuracy {gated:F4}  bar {bar}  {(gated >= bar ? "held" : "FAILED")}");
return orthogonal >= bar && gated >= bar ? 0 : 1;

// Accuracy on the held-out digits, with a third of the learning rate that the range test suggests; none where nothing can be learnt.
double? Learn(string what, FeedForwardNetwork network, Initializer initializer)
{
    Console.WriteLine($"== {what} ==");
    var options = new DeepNetworkMulticlassTrainer.Options
    {
        Network = network,
        Initializer = initializer,
        Schedule = LearningRateSchedule.Cosine,
        LabelSmoothing = 0.1,
        Epochs = 60,
        Seed = 1,
    };
    var curve = ml.MulticlassClassification.Trainers.DeepNetwork(options).FindLearningRate(train);
    if (curve.Suggestion is { } rate)
        options.Optimizer = options.Optimizer with { LearningRate = rate / 3 };
    Console.WriteLine(curve.Suggestion is null ? $"No learning rate: {curve.Problem}" : curve);
    try
    {
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(train);
        var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        Console.WriteLine($"{options.Optimizer}: accuracy {accuracy:F4}, {model.Model.Summary.ClippedShare:P0} of {model.Model.Summary.Steps} steps clipped");
        return accuracy;
    }
    catch (GradientStabilityException unstable)
    {
        Console.WriteLine(unstable.Message);
        return null;
    }
    finally
    {
        Console.WriteLine();
    }
}
