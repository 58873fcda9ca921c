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

    internal override Session Open(TrainingOptions options, TrainingCurves curves) => new Page(Path, options, curves).Begin();

    private sealed class Page(string path, TrainingOptions options, TrainingCurves curves) : LivePage(options, curves, s_pause)
    {
        protected override void Show(TrainingReport report) => report.Save(path);
    }
}
