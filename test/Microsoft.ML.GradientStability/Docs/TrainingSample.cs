namespace Microsoft.ML.GradientStability.Tests.Docs;

/// <summary>The code of docs/training.md, between the marks to the letter; compiled and run by <see cref="PageTests"/>.</summary>
internal static class TrainingSample
{
    public static void Run(DeepNetworkMulticlassTrainer trainer, DeepNetworkMulticlassTrainer.Options options, IDataView data)
    {
        // <sample>
        var curve = trainer.FindLearningRate(data);
        Console.WriteLine(curve);
        if (curve.Suggestion is { } rate)
            options.Optimizer = options.Optimizer with { LearningRate = rate };
        // </sample>
    }
}
