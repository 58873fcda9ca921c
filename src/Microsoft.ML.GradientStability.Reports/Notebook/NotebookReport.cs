namespace Microsoft.ML.GradientStability;

/// <summary>
/// The page of a fit below the cell of a notebook that runs it, replaced in place while the fit runs, at most every second, and at its end.
/// </summary>
public sealed record NotebookReport : Report
{
    internal static readonly NotebookReport Default = new();

    /// <summary>Between two versions: a page is drawn in less.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private NotebookReport() { }

    /// <summary>One readable line.</summary>
    public override string ToString() => "Notebook";

    internal override Session Open(TrainingOptions options, TrainingCurves curves) => new Cell(NotebookCell.Current(), options, curves).Begin();

    private sealed class Cell(NotebookCell cell, TrainingOptions options, TrainingCurves curves) : LivePage(options, curves, s_pause)
    {
        protected override void Show(TrainingReport report) => cell.Show(report);
    }
}
