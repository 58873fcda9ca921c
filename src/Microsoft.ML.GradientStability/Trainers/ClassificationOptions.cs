namespace Microsoft.ML.GradientStability;

/// <summary>The options of trainers that learn classes, two or more.</summary>
public abstract class ClassificationOptions : SupervisedOptions
{
    private protected ClassificationOptions() { }

    /// <summary>
    /// Whether the raw outputs of the network are divided by a temperature (Guo et al. 2017), so that rows which it was not trained on are told with the certainty that they bear out: a network that
    /// learnt few rows for long is right more often than one that learnt them shortly, and far too sure. The temperature is the one of the least loss on the rows that
    /// a <see cref="TrainingOptions.ValidationFraction"/> or a <see cref="TrainingOptions.ValidationSet"/> holds out. Without them it is told, of up to <see cref="NetworkChoice.MostRows"/> rows, by one in
    /// five of them after training on the others, which takes nearly as long as the fit and is done for a <see cref="NetworkChoice"/> anyway; of more rows in memory by one in 50, 256 at most, which then do not train.
    /// <see cref="TrainingSummary.Temperature"/> tells it.
    /// Default <see langword="null"/>: where <see cref="TrainingOptions.Network"/> is a choice, as it is by default.
    /// </summary>
    public bool? TemperatureScaling { get; set; }

    internal override IEnumerable<OptionConflict> ConflictsOfTask() => TemperatureScaling == true && Network.Traits.WeightParametrization is { HoldsForOutput: true, HasFreeScale: false } fixedScale
        ? base.ConflictsOfTask().Append(new(Severity.Warning, nameof(TemperatureScaling), $"{fixedScale} holds the scale of the output layer, and no temperature can be put into it; leave one of the two out"))
        : base.ConflictsOfTask();
}
