namespace Microsoft.ML.GradientStability;

/// <summary>Lines that stay: the first epoch, every tenth of the epochs, the last, and every finding.</summary>
internal sealed class PlainDisplay(TextWriter output) : Report.Session
{
    private TrainingProgress? _last;
    private bool _written;

    public override void Found(TrainingProgress progress, Finding finding) => output.WriteLine(ConsoleLine.Of(finding));

    public override void EpochEnded(TrainingProgress progress)
    {
        _last = progress;
        _written = progress.Epoch == 1 || progress.Epoch % Math.Max(1, progress.Epochs / 10) == 0;
        if (_written)
            output.WriteLine($"  {progress}");
    }

    public override void Ended(FitEnd end)
    {
        if (_last is not null && !_written)
            output.WriteLine($"  {_last}");
        output.WriteLine(ConsoleLine.Of(end));
    }
}
