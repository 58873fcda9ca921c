namespace Microsoft.ML.GradientStability;

/// <summary>The options of trainers that learn classes, two or more.</summary>
public abstract class ClassificationOptions : SupervisedOptions
{
    private protected ClassificationOptions() { }

    /// <summary>
    /// Whether the raw outputs of the network are divided by a temperature (Guo et al. 2017), so that rows which it was not trained on are told with the certainty that they bear out: a network that
    /// learnt few rows for long is right more often than one that learnt them shortly, and far too sure. The temperature is the one of the least loss on the rows that
    /// a <see cref="TrainingOptions.ValidationFraction"/> or a <see cref="TrainingOptions.ValidationSet"/> holds out; without them on one in five of the training rows, after training on
    /// the others, which takes nearly as long as the fit. <see cref="TrainingSummary.Temperature"/> tells it.
    /// Default <see langword="null"/>: where the fit chooses among networks (<see cref="NetworkChoice"/>) by such rows anyway.
    /// </summary>
    public bool? TemperatureScaling { get; set; }
}
