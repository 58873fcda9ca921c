using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Tells the outside what happens, in all ways at once: lines on the channel (<see cref="MLContext.Log"/>), metrics on the progress
/// channel, the typed progress of the options, and their reports. Keeps the curves.
/// </summary>
internal sealed class ProgressReporter : IDisposable
{
    private readonly IChannel? _channel;
    private readonly IProgressChannel? _progressChannel;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly int _progressSteps;
    private readonly string? _fold;
    private readonly List<Report.Session> _reports = [];

    /// <summary>Loss, validation loss, gradient norm, epoch; replaced as a whole, because ML.NET may ask at any time.</summary>
    private volatile TrainingProgress? _latest;

    /// <param name="channel">For lines; <see langword="null"/> for nobody.</param>
    /// <param name="progressChannel">For metrics; <see langword="null"/> for nobody.</param>
    /// <param name="progress">For whoever asked; <see langword="null"/> for nobody.</param>
    /// <param name="progressSteps">Steps between reports to them within an epoch; 0 for none.</param>
    /// <param name="reports">Opened here.</param>
    /// <param name="options">Of the fit.</param>
    /// <param name="fold">Of a cross-validation; <see langword="null"/> outside of one.</param>
    /// <exception cref="IOException">One of the reports cannot be written.</exception>
    public ProgressReporter(IChannel? channel, IProgressChannel? progressChannel, IProgress<TrainingProgress>? progress, int progressSteps,
        IReadOnlyList<Report> reports, TrainingOptions options, string? fold = null)
    {
        (_channel, _progressChannel, _progress, _progressSteps, _fold) = (channel, progressChannel, progress, progressSteps, fold);
        progressChannel?.SetHeader(new ProgressHeader(["loss", "validation loss", "gradient norm"], ["epochs"]), entry =>
        {
            if (_latest is not { } latest)
                return;
            entry.SetMetric(0, latest.Loss);
            if (latest.ValidationLoss is { } validation)
                entry.SetMetric(1, validation);
            entry.SetMetric(2, latest.GradientNorm);
            entry.SetProgress(0, latest.Epoch, latest.Epochs);
        });
        try
        {
            foreach (var report in reports)
                _reports.Add(report.Open(options, Curves));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Of a fit that nobody is to hear of.</summary>
    public static ProgressReporter Silent(TrainingOptions options) => new(channel: null, progressChannel: null, progress: null, progressSteps: 0, reports: [], options);

    /// <summary>What was seen so far.</summary>
    public TrainingCurves Curves { get; } = new();

    /// <summary>Whether somebody wants a report after this step.</summary>
    public bool WantsStep(long step)
    {
        var wants = ProgressWants(step) || Curves.WantsStep(step);
        for (var i = 0; i < _reports.Count && !wants; i++)
            wants = _reports[i].WantsStep(step);
        return wants;
    }

    public void Say(string message) => _channel?.Info(MessageSensitivity.None, "{0}", message);

    public void Warn(string message) => _channel?.Warning(MessageSensitivity.None, "{0}", message);

    public void Step(TrainingProgress progress)
    {
        progress = progress with { Fold = _fold };
        _latest = progress;
        if (Curves.WantsStep(progress.Step))
            Curves.Add(progress);
        if (progress.Statistics is { } statistics)
            Curves.Add(statistics);
        Tell(report =>
        {
            if (report.WantsStep(progress.Step))
                report.Step(progress);
            if (progress.Statistics is { } statistics)
                report.Measured(progress, statistics);
        });
        if (ProgressWants(progress.Step))
            _progress!.Report(progress);
    }

    public void Found(TrainingProgress progress)
    {
        progress = progress with { Fold = _fold };
        var finding = progress.Finding!;
        _channel?.Warning(MessageSensitivity.None, "{0}", finding.Headline);
        _latest = progress;
        Curves.AddFinding(progress);
        Tell(report => report.Found(progress, finding));
        _progress?.Report(progress);
    }

    /// <summary>Something that was found is not seen any more.</summary>
    public void Over(Finding finding)
    {
        _channel?.Info(MessageSensitivity.None, "{0}", $"{finding.Kind} at {finding.Layer} is over; the last step it was seen at is {finding.LastStep}.");
        Tell(report => report.Over(finding));
    }

    public void EpochEnded(TrainingProgress progress)
    {
        progress = progress with { Fold = _fold };
        _channel?.Info(MessageSensitivity.None, "{0}", progress.ToString());
        _progressChannel?.Checkpoint(progress.Loss, progress.ValidationLoss, progress.GradientNorm, progress.Epoch);
        _latest = progress;
        Curves.AddEpoch(progress);
        Tell(report => report.EpochEnded(progress));
        _progress?.Report(progress);
    }

    /// <param name="end">The name of a <c>TrainingEnd</c>.</param>
    /// <param name="findings">As they are in the end.</param>
    /// <param name="summary">The last line of a fit that returns a model.</param>
    public void Ended(string end, IReadOnlyList<Finding> findings, string summary)
    {
        _channel?.Info(MessageSensitivity.None, "{0}", $"{(_fold is null ? "" : $"{_fold}: ")}{summary}");
        Tell(report => report.Ended(new FitEnd(end, null, findings, summary)));
    }

    /// <param name="error">What the fit failed by.</param>
    public void Failed(Exception error) => Tell(report => report.Ended(new FitEnd("Failed", error, (error as GradientStabilityException)?.Findings, null)));

    public void Dispose() => _reports.ForEach(report => report.Dispose());

    private bool ProgressWants(long step) => _progress is not null && _progressSteps > 0 && step % _progressSteps == 0;

    /// <summary>A disk that is full costs the report, not the fit.</summary>
    private void Tell(Action<Report.Session> tell)
    {
        foreach (var report in _reports.ToArray())
            try
            {
                tell(report);
            }
            catch (IOException e)
            {
                Warn($"{e.Message} This report ends here; training goes on.");
                _reports.Remove(report);
                report.Dispose();
            }
    }
}
