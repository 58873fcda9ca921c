namespace Microsoft.ML.GradientStability;

/// <summary>
/// Where a fit is reported to, besides ML.NET's log and progress channel. One sealed record a destination; the static members name them.
/// A destination that cannot be opened ends the fit before its first step; one that fails later is warned of once and left, and the fit
/// goes on.
/// </summary>
public abstract record Report
{
    private protected Report() { }

    /// <summary>An event folder that TensorBoard shows.</summary>
    /// <param name="folder">Made where it is missing; every fit gets a folder of its own in it, <c>fit1</c>, <c>fit2</c> and so on.</param>
    public static TensorBoardReport TensorBoard(string folder) => new() { Folder = folder ?? throw new ArgumentNullException(nameof(folder)) };

    /// <summary>The instruments of <c>System.Diagnostics.Metrics</c>, for OpenTelemetry and its kin.</summary>
    public static MetricsReport Metrics { get; } = new();

    /// <summary>A file of JSON objects, one a line.</summary>
    /// <param name="path">Of the file; what it holds already stays, and a fit adds to it.</param>
    public static JsonLinesReport JsonLines(string path) => new() { Path = path ?? throw new ArgumentNullException(nameof(path)) };

    /// <summary>A line at the bottom of the terminal that follows the fit; plain lines where the output is none.</summary>
    public static ConsoleReport Console { get; } = new();

    /// <summary>That line where the output is a terminal, and nothing elsewhere: the default of a trainer that has no <c>Progress</c>.</summary>
    public static TerminalReport Terminal { get; } = new();

    /// <summary>Makes ready for one fit.</summary>
    /// <param name="options">Of the fit.</param>
    /// <param name="curves">That of the fit, which grows before each call of the session.</param>
    /// <exception cref="IOException">The destination cannot be written; the message says which, and why.</exception>
    internal abstract Session Open(TrainingOptions options, TrainingCurves curves);

    /// <summary>The error of a destination, with its name and what to do.</summary>
    internal static IOException Failed(string path, Exception error) =>
        new($"Cannot write '{path}': {error.Message} Choose a place that exists, can be written, and that no other program or fit writes to.", error);

    /// <summary>What may go wrong with a file, and is the file's fault.</summary>
    internal static bool IsOfFile(Exception error) => error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>One fit, told to a destination in order, on the training thread; disposed of at the end of the fit, whichever way it ends.</summary>
    internal class Session : IDisposable
    {
        /// <summary>Whether <see cref="Step"/> is to be called after this step.</summary>
        public virtual bool WantsStep(long step) => false;

        /// <summary>After a step that was wanted.</summary>
        public virtual void Step(TrainingProgress progress) { }

        /// <summary>After a step that had a full look.</summary>
        public virtual void Measured(TrainingProgress progress, StepStatistics statistics) { }

        /// <summary>At a finding, before its step is taken.</summary>
        public virtual void Found(TrainingProgress progress, Finding finding) { }

        /// <summary>Where a finding is over.</summary>
        public virtual void Over(Finding finding) { }

        /// <summary>After an epoch.</summary>
        public virtual void EpochEnded(TrainingProgress progress) { }

        /// <summary>After the last epoch, or after an error.</summary>
        public virtual void Ended(FitEnd end) { }

        public virtual void Dispose() { }
    }
}
