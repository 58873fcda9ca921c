using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.GradientStability;

namespace Depth;

/// <summary>One network: the factor that a layer puts on the gradient at the first step, and the accuracy after a fixed budget.</summary>
/// <param name="Factor">(‖g_first‖/‖g_last‖)^(1/(layers − 1)) over the hidden layers; 1 is healthy.</param>
/// <param name="Accuracy">On the digits held out; NaN where not one step could be taken in an epoch.</param>
internal readonly record struct Trial(double Factor, double Accuracy)
{
    public const int HiddenLayers = 50;
    public const int Epochs = 30;
    public const double LearningRate = 0.0005;
    public const double Bar = 0.8;

    /// <summary>The budget: batches of 64, Adam, the gradient's norm clipped at 1.</summary>
    public static Trial Run(Digits digits, FeedForwardNetwork network, Initializer initializer)
    {
        var first = new FirstStep();
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = network,
            Initializer = initializer,
            Optimizer = Optimizer.Adam(LearningRate),
            Schedule = LearningRateSchedule.Constant,
            BatchSize = 64,
            Epochs = Epochs,
            LabelSmoothing = 0,
            Detectors = [],
            Seed = 1,
            Progress = first,
            ProgressSteps = 1,
        };
        try
        {
            using var model = digits.Context.MulticlassClassification.Trainers.DeepNetwork(options).Fit(digits.Training);
            return new Trial(first.Factor, digits.Context.MulticlassClassification.Evaluate(model.Transform(digits.Test)).MicroAccuracy);
        }
        catch (GradientStabilityException)
        {
            return new Trial(first.Factor, double.NaN);
        }
    }

    public bool Learnt => Accuracy >= Bar;

    public override string ToString()
    {
        var accuracy = double.IsNaN(Accuracy) ? "no step" : Accuracy.ToString("F2", CultureInfo.InvariantCulture);
        var factor = double.IsNaN(Factor) || double.IsInfinity(Factor) ? "overflow" : Factor.ToString("F2", CultureInfo.InvariantCulture);
        return $"{factor} → {(Learnt ? $"**{accuracy}**" : accuracy)}";
    }

    private sealed class FirstStep : IProgress<TrainingProgress>
    {
        public double Factor { get; private set; } = double.NaN;

        public void Report(TrainingProgress progress)
        {
            if (progress.Step != 1)
                return;
            var (first, last) = (progress.Layers[0].Norm, progress.Layers[HiddenLayers - 1].Norm);
            Factor = first == 0 && last == 0 ? 0 : Math.Pow(first / last, 1.0 / (HiddenLayers - 1));
        }
    }
}
