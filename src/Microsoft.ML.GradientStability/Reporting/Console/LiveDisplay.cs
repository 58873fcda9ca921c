using System.Diagnostics;

namespace Microsoft.ML.GradientStability;

/// <summary>One line, written over itself; findings and the end of the fit go above it and stay.</summary>
/// <param name="output">A terminal that knows ECMA-48: erase in line, and colours.</param>
/// <param name="width">Its columns; asked at every line, since a window may change.</param>
/// <param name="colours">Whether to use them.</param>
/// <param name="curves">Of the fit.</param>
internal sealed class LiveDisplay(TextWriter output, Func<int> width, bool colours, TrainingCurves curves) : Report.Session
{
    private const string Erase = "\r\e[K", Red = "31", Yellow = "33", Green = "32", Cyan = "36";
    private const int BarCells = 20, CourseCells = 12;

    /// <summary>Ten times a second is as fast as the eye reads.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private long _shown;
    private int _findings;
    private TrainingProgress? _last;

    public override bool WantsStep(long step) => Stopwatch.GetElapsedTime(_shown) > s_pause;

    public override void Step(TrainingProgress progress) => Show(progress);

    public override void EpochEnded(TrainingProgress progress)
    {
        _last = progress;
        if (WantsStep(progress.Step) || progress.Epoch == progress.Epochs)
            Show(progress);
    }

    public override void Found(TrainingProgress progress, Finding finding)
    {
        _findings++;
        output.Write(Erase);
        output.WriteLine(Coloured(ConsoleLine.Of(finding), finding.Severity == Severity.Error ? Red : Yellow));
        Show(progress);
    }

    public override void Ended(FitEnd end)
    {
        output.Write(Erase);
        if (_last is not null)
            output.WriteLine($"  {_last}");
        output.WriteLine(Coloured(ConsoleLine.Of(end), end.Error is null ? Green : Red));
    }

    private void Show(TrainingProgress progress)
    {
        _shown = Stopwatch.GetTimestamp();
        var done = (double)progress.Step / progress.Steps;
        var line = "";
        var room = width() - BarCells - 10;
        foreach (var part in ConsoleLine.Parts(progress, done, _findings, ConsoleLine.Sparkline(curves.Epochs.TakeLast(CourseCells).Select(epoch => epoch.Loss))))
            if (line.Length + part.Length + 2 <= room)
                line += $"  {part}";
        output.Write($"{Erase}  {Coloured(ConsoleLine.Bar(done, BarCells), Cyan)} {ConsoleLine.Percent(done)}{line}");
        output.Flush();
    }

    private string Coloured(string text, string colour) => colours ? $"\e[{colour}m{text}\e[0m" : text;
}
