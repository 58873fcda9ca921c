using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Tells the outside what happens, in ML.NET's three ways at once: lines on the channel (<see cref="MLContext.Log"/>), metrics on
/// the progress channel, and the typed progress of the options.
/// </summary>
internal sealed class ProgressReporter
{
    private readonly IChannel _channel;
    private readonly IProgressChannel _progressChannel;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly int _progressSteps;

    /// <summary>Loss, validation loss, gradient norm, epoch; replaced as a whole, because ML.NET may ask at any time.</summary>
    private volatile TrainingProgress? _latest;

    /// <param name="channel">For lines.</param>
    /// <param name="progressChannel">For metrics.</param>
    /// <param name="progress">For whoever asked; <see langword="null"/> for nobody.</param>
    /// <param name="progressSteps">Steps between reports to them within an epoch; 0 for none.</param>
    public ProgressReporter(IChannel channel, IProgressChannel progressChannel, IProgress<TrainingProgress>? progress, int progressSteps)
    {
        (_channel, _progressChannel, _progress, _progressSteps) = (channel, progressChannel, progress, progressSteps);
        progressChannel.SetHeader(new ProgressHeader(["loss", "validation loss", "gradient norm"], ["epochs"]), entry =>
        {
            if (_latest is not { } latest)
                return;
            entry.SetMetric(0, latest.Loss);
            if (latest.ValidationLoss is { } validation)
                entry.SetMetric(1, validation);
            entry.SetMetric(2, latest.GradientNorm);
            entry.SetProgress(0, latest.Epoch, latest.Epochs);
        });
    }

    /// <summary>Whether somebody wants a report after this step.</summary>
    public bool WantsStep(long step) => _progress is not null && _progressSteps > 0 && step % _progressSteps == 0;

    public void Warn(string message) => _channel.Warning(MessageSensitivity.None, "{0}", message);

    public void Step(TrainingProgress progress) => Send(progress);

    public void Found(TrainingProgress progress)
    {
        _channel.Warning(MessageSensitivity.None, "{0}", progress.Finding!.ToString());
        Send(progress);
    }

    public void EpochEnded(TrainingProgress progress)
    {
        _channel.Info(MessageSensitivity.None, "{0}", progress.ToString());
        _progressChannel.Checkpoint(progress.Loss, progress.ValidationLoss, progress.GradientNorm, progress.Epoch);
        Send(progress);
    }

    private void Send(TrainingProgress progress)
    {
        _latest = progress;
        _progress?.Report(progress);
    }
}
