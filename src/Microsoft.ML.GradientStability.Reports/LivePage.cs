using System.Diagnostics;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A fit as a page that is shown when the fit begins, anew after an epoch and at a finding, at most every so often, and at the end, whichever
/// way it ends.
/// </summary>
/// <param name="options">Of the fit.</param>
/// <param name="curves">That grow.</param>
/// <param name="pause">Between two versions while the fit runs.</param>
internal abstract class LivePage(TrainingOptions options, TrainingCurves curves, TimeSpan pause) : Report.Session
{
    private IReadOnlyList<Finding> _findings = [];
    private TrainingProgress? _last;
    private long _shown;

    /// <summary>Shows this version in place of the one before.</summary>
    protected abstract void Show(TrainingReport report);

    /// <summary>Shows the first version.</summary>
    public LivePage Begin()
    {
        Show("Running", null);
        return this;
    }

    public sealed override bool WantsStep(long step) => curves.WantsStep(step);

    public sealed override void Step(TrainingProgress progress) => _last = progress;

    public sealed override void Found(TrainingProgress progress, Finding finding)
    {
        _findings = [.. _findings, finding];
        _last = progress;
        ShowNowAndThen();
    }

    public sealed override void EpochEnded(TrainingProgress progress)
    {
        _last = progress;
        ShowNowAndThen();
    }

    public sealed override void Ended(FitEnd end)
    {
        _findings = end.Findings ?? _findings;
        Show(end.End, end.Error?.Message);
    }

    private void ShowNowAndThen()
    {
        if (Stopwatch.GetElapsedTime(_shown) > pause)
            Show("Running", null);
    }

    private void Show(string end, string? error)
    {
        Show(new TrainingReport(ReportContent.Of(options, curves, _findings, _last, end, error)));
        _shown = Stopwatch.GetTimestamp();
    }
}
