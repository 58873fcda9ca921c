using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Tells the outside what happens, in ML.NET's three ways at once: lines on the channel (<see cref="MLContext.Log"/>), metrics on
/// the progress channel, and the typed <see cref="DeepNetworkOptions.Progress"/>.
/// </summary>
internal sealed class ProgressReporter
{
    private readonly IChannel _channel;
    private readonly IProgressChannel _progressChannel;
    private readonly DeepNetworkOptions _options;

    /// <summary>Loss, validation loss, gradient norm, epoch; replaced as a whole, because ML.NET may ask at any time.</summary>
    private volatile TrainingProgress? _latest;

    public ProgressReporter(IChannel channel, IProgressChannel progressChannel, DeepNetworkOptions options)
    {
        (_channel, _progressChannel, _options) = (channel, progressChannel, options);
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
    public bool WantsStep(long step) =>
        _options is { Progress: not null, ProgressSteps: > 0 and var interval } && step % interval == 0;

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
        _options.Progress?.Report(progress);
    }
}
