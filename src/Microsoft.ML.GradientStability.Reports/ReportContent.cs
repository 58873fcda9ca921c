namespace Microsoft.ML.GradientStability;

/// <summary>All that a page shows, of a fit that runs, has ended or has failed.</summary>
internal sealed record ReportContent
{
    /// <summary>The name of a <see cref="TrainingEnd"/>, <c>Failed</c>, or <c>Running</c>.</summary>
    public required string End { get; init; }

    /// <summary>What it failed by.</summary>
    public string? Error { get; init; }

    public required TrainingOptions Options { get; init; }
    public required TrainingCurves Curves { get; init; }
    public required IReadOnlyList<Finding> Findings { get; init; }
    public required int Epochs { get; init; }
    public required long Steps { get; init; }

    /// <summary>The epoch whose weights the model has; <see langword="null"/> without a model.</summary>
    public int? BestEpoch { get; init; }

    public required double Loss { get; init; }
    public double? ValidationLoss { get; init; }
    public double? ValidationAccuracy { get; init; }
    public required double ClippedShare { get; init; }
    public required long SkippedSteps { get; init; }
    public required TimeSpan Duration { get; init; }

    /// <summary>Of a fit that has returned a model.</summary>
    public DiagnosticsCost? DiagnosticsCost { get; init; }

    public static ReportContent Of(DeepNetworkModel model)
    {
        var summary = model.Summary;
        return new ReportContent
        {
            End = summary.End.ToString(), Options = model.Options, Curves = summary.Curves, Findings = summary.Findings,
            Epochs = summary.Epochs, Steps = summary.Steps, BestEpoch = summary.BestEpoch, Loss = summary.Loss,
            ValidationLoss = summary.ValidationLoss, ValidationAccuracy = summary.ValidationAccuracy,
            ClippedShare = summary.ClippedShare, SkippedSteps = summary.SkippedSteps, Duration = summary.Duration,
            DiagnosticsCost = summary.DiagnosticsCost,
        };
    }

    /// <summary>Of a fit that has not returned a model.</summary>
    public static ReportContent Of(TrainingOptions options, TrainingCurves curves, IReadOnlyList<Finding> findings, TrainingProgress? last, string end,
        string? error) => new()
    {
        End = end, Error = error, Options = options, Curves = curves, Findings = findings,
        Epochs = last?.Epoch ?? 0, Steps = last?.Step ?? 0, Loss = last?.Loss ?? double.NaN,
        ValidationLoss = curves.Epochs.LastOrDefault()?.ValidationLoss, ValidationAccuracy = curves.Epochs.LastOrDefault()?.ValidationAccuracy,
        ClippedShare = last is null ? 0 : (double)last.ClippedSteps / Math.Max(1, last.Step - last.SkippedSteps),
        SkippedSteps = last?.SkippedSteps ?? 0, Duration = last?.Elapsed ?? TimeSpan.Zero,
    };
}
