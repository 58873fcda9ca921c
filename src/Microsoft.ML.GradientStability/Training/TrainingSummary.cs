using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>How a fit went.</summary>
[TypeFormatterSource]
public sealed record TrainingSummary
{
    internal TrainingSummary() { }

    /// <summary>Why training ended.</summary>
    public required TrainingEnd End { get; init; }

    /// <summary>Passes over the training rows, the last one perhaps unfinished.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch whose weights the model has: that of the lowest validation loss, the last one without held-out rows.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Training steps begun.</summary>
    public required long Steps { get; init; }

    /// <summary>Share of all steps taken whose gradient was clipped, in [0, 1].</summary>
    public required double ClippedShare { get; init; }

    /// <summary>Steps that were not taken, because their loss or gradient was NaN or infinite.</summary>
    public required long SkippedSteps { get; init; }

    /// <summary>Mean training loss of the last epoch; NaN where it was cancelled before its first step.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean loss of the held-out rows with the model's weights; <see langword="null"/> without such rows.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Share of the held-out rows classified correctly; <see langword="null"/> without such rows or without classes.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>What the raw outputs were divided by, by <see cref="ClassificationOptions.TemperatureScaling"/>; 1 where they were not.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Everything that was found, in order.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Loss, learning rate, gradient norms and statistics over the steps.</summary>
    public required TrainingCurves Curves { get; init; }

    /// <summary>Part of <see cref="Duration"/> that went into diagnostics.</summary>
    public required DiagnosticsCost DiagnosticsCost { get; init; }

    /// <summary>Time of the training loop.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Training rows, without those held out.</summary>
    public long Rows { get; init; }

    /// <summary>Training rows that went through the network in a second, all told: steps, held-out rows and diagnostics.</summary>
    public double RowsPerSecond => Rows * ((double)Steps / StepsPerEpoch) / Duration.TotalSeconds;

    /// <summary>The most memory in bytes that the process has had until the fit ended, LibTorch, data and all.</summary>
    public required long PeakMemory { get; init; }

    /// <summary>Steps of a whole epoch.</summary>
    internal long StepsPerEpoch { get; init; }

    /// <summary>Time, speed and memory in one line.</summary>
    public override string ToString() =>
        Invariant($"{Epochs} epochs, {Steps} steps in {Figure.Of(Duration)}: {RowsPerSecond:#,0} rows a second, at most {Figure.Bytes(PeakMemory)} of memory");
}
