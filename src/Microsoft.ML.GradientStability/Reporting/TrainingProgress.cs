using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Where training stands: after an epoch, after <see cref="DeepNetworkOptions.ProgressSteps"/>, or at a new finding.</summary>
[TypeFormatterSource]
public sealed record TrainingProgress
{
    internal TrainingProgress() { }

    /// <summary>The fold of ML.NET's <c>CrossValidate</c>, such as <c>fold 2 of 5</c>; <see langword="null"/> outside of one.</summary>
    public string? Fold { get; init; }

    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs in all.</summary>
    public required int Epochs { get; init; }

    /// <summary>Training steps begun, from 1 over all epochs.</summary>
    public required long Step { get; init; }

    /// <summary>Training steps of all epochs together, where none ends the fit early.</summary>
    public required long Steps { get; init; }

    /// <summary>The learning rate of this step, by the optimizer and the schedule.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Mean training loss of the epoch so far; NaN before any usable step.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean loss of the rows of this step alone.</summary>
    public required double BatchLoss { get; init; }

    /// <summary>Mean loss of the held-out rows; <see langword="null"/> within an epoch or without such rows.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Share of held-out rows classified correctly; <see langword="null"/> within an epoch, without such rows, or without classes.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>L2 norm of the whole raw gradient at this step, before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>
    /// The same of the gradient that the optimizer got at its latest step, centralized and clipped; 0 before the first. At a finding
    /// the gradient of this step has not been acted on yet.
    /// </summary>
    public required double ClippedGradientNorm { get; init; }

    /// <summary>Whether clipping changed that gradient.</summary>
    public required bool Clipped { get; init; }

    /// <summary>The raw gradient of every layer at this step, from the input on.</summary>
    public required IReadOnlyList<LayerGradient> Layers { get; init; }

    /// <summary>Share of the epoch's steps so far whose gradient was clipped, in [0, 1].</summary>
    public required double ClippedShare { get; init; }

    /// <summary>Steps of the whole fit so far whose gradient was clipped.</summary>
    public required long ClippedSteps { get; init; }

    /// <summary>Steps of the whole fit so far that were not taken, because their loss or gradient was NaN or infinite.</summary>
    public required long SkippedSteps { get; init; }

    /// <summary>The rest of what is measured, after a step that had a full look; <see langword="null"/> in most reports.</summary>
    public StepStatistics? Statistics { get; init; }

    /// <summary>What was newly found at this step; <see langword="null"/> in most reports.</summary>
    public Finding? Finding { get; init; }

    /// <summary>Time since training began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>One line, or the whole explanation of the finding.</summary>
    public override string ToString() => Finding?.ToString()
        ?? (Fold is null ? "" : $"{Fold}  ") + Invariant($"epoch {Epoch,3}/{Epochs}  step {Step,6}  loss {Loss:F4}  gradient {GradientNorm:G3}, clipped {100 * ClippedShare:F0} %")
           + (ValidationLoss is { } loss ? Invariant($"  held out: loss {loss:F4}") : "")
           + (ValidationAccuracy is { } accuracy ? Invariant($", accuracy {accuracy:F4}") : "")
           + Invariant($"  {Elapsed.TotalSeconds:F1} s");
}
