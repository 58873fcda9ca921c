namespace Microsoft.ML.GradientStability;

/// <summary>
/// A line at the bottom of the terminal that follows the fit (epoch, loss, gradient norm, clipped share, time left), findings above it as
/// they come. Where the output is no terminal, or TERM is <c>dumb</c>, a line a tenth of the epochs instead; where NO_COLOR is set
/// (https://no-color.org), no colours.
/// </summary>
public sealed record ConsoleReport : Report
{
    internal ConsoleReport() { }

    /// <summary>One readable line.</summary>
    public override string ToString() => "Console";

    internal static bool IsTerminal => !System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    internal override Session Open(TrainingOptions options, TrainingCurves curves)
    {
        var colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return IsTerminal ? new LiveDisplay(System.Console.Out, () => System.Console.WindowWidth, colours, curves) : new PlainDisplay(System.Console.Out);
    }
}
