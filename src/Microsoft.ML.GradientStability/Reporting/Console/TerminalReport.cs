namespace Microsoft.ML.GradientStability;

/// <summary>
/// What <see cref="Report.Console"/> shows, where the output is a terminal and no other fit shows itself there; nothing elsewhere. The default
/// of a trainer that has no <c>Progress</c>.
/// </summary>
public sealed record TerminalReport : Report
{
    /// <summary>1 while a fit shows itself: two lines cannot both be the last.</summary>
    private static int s_taken;

    internal TerminalReport() { }

    /// <summary>One readable line.</summary>
    public override string ToString() => "Terminal";

    internal override Session Open(TrainingOptions options, TrainingCurves curves) => Open(ConsoleReport.IsTerminal, () => Console.Open(options, curves));

    /// <param name="isTerminal">Whether there is one.</param>
    /// <param name="display">Opens what is shown there.</param>
    internal static Session Open(bool isTerminal, Func<Session> display) =>
        isTerminal && Interlocked.Exchange(ref s_taken, 1) == 0 ? new Taken(display()) : new Session();

    /// <summary>The display, and the terminal free again at its end.</summary>
    private sealed class Taken(Session display) : Session
    {
        public override bool WantsStep(long step) => display.WantsStep(step);

        public override void Step(TrainingProgress progress) => display.Step(progress);

        public override void Found(TrainingProgress progress, Finding finding) => display.Found(progress, finding);

        public override void EpochEnded(TrainingProgress progress) => display.EpochEnded(progress);

        public override void Ended(FitEnd end) => display.Ended(end);

        public override void Dispose()
        {
            display.Dispose();
            s_taken = 0;
        }
    }
}
