namespace Microsoft.ML.GradientStability;

/// <summary>How a fit went.</summary>
public sealed record TrainingSummary
{
    internal TrainingSummary() { }

    /// <summary>Passes over the training rows.</summary>
    public required int Epochs { get; init; }

    /// <summary>Training steps begun.</summary>
    public required long Steps { get; init; }

    /// <summary>Mean training loss of the last epoch, in nats a row.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean loss of the held-out rows after the last epoch; <see langword="null"/> without such rows.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Share of the held-out rows classified correctly after the last epoch; <see langword="null"/> without such rows.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Everything that was found, in order.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Time of the training loop.</summary>
    public required TimeSpan Duration { get; init; }
}
