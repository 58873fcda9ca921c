using System.Diagnostics;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// One HTML file that shows a fit and needs nothing else. It is written when the fit begins, anew after an epoch and at a finding, at most
/// every few seconds, and at the end, whichever way it ends; whole each time. Fits that follow each other with the same options replace it.
/// </summary>
public sealed record HtmlReport : Report
{
    /// <summary>Between two versions of the file while the fit runs.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly string _path = "";

    internal HtmlReport() { }

    /// <summary>The file.</summary>
    public string Path { get => _path; init => _path = Check.Path(value, nameof(Path)); }

    /// <summary>One readable line.</summary>
    public override string ToString() => $"Html({Path})";

    internal override Session Open(TrainingOptions options, TrainingCurves curves) => new Page(Path, options, curves);

    private sealed class Page : Session
    {
        private readonly string _path;
        private readonly TrainingOptions _options;
        private readonly TrainingCurves _curves;
        private readonly List<Finding> _findings = [];
        private TrainingProgress? _last;
        private long _written;

        public Page(string path, TrainingOptions options, TrainingCurves curves)
        {
            (_path, _options, _curves) = (path, options, curves);
            Write("Running", null);
        }

        public override bool WantsStep(long step) => _curves.WantsStep(step);

        public override void Step(TrainingProgress progress) => _last = progress;

        public override void Found(TrainingProgress progress, Finding finding)
        {
            _findings.Add(finding);
            _last = progress;
            WriteNowAndThen();
        }

        public override void EpochEnded(TrainingProgress progress)
        {
            _last = progress;
            WriteNowAndThen();
        }

        public override void Ended(FitEnd end) => Write(end.End, end.Error?.Message);

        private void WriteNowAndThen()
        {
            if (Stopwatch.GetElapsedTime(_written) > s_pause)
                Write("Running", null);
        }

        private void Write(string end, string? error)
        {
            new TrainingReport(ReportContent.Of(_options, _curves, _findings, _last, end, error)).Save(_path);
            _written = Stopwatch.GetTimestamp();
        }
    }
}
