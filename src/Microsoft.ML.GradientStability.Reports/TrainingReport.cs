using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The picture of a training: how it ended, what was found, loss, rate and gradient norms over the steps, the norms of every layer. One
/// HTML page in light and dark that loads nothing. A notebook shows it as the value of a cell.
/// </summary>
[TypeFormatterSource]
public sealed class TrainingReport
{
    private readonly ReportContent _content;

    internal TrainingReport(ReportContent content) => _content = content;

    /// <summary>The page.</summary>
    public string ToHtml() => HtmlPage.Write(_content);

    /// <summary>Writes the page whole, or not at all.</summary>
    /// <exception cref="IOException">The path cannot be written; the message says which, and why.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToHtml()));

    /// <summary>How the training ended, in one line.</summary>
    public override string ToString() => Verdict.Of(_content).Text;
}
