namespace Microsoft.ML.GradientStability;

/// <summary>
/// Turns "this step is bad" into findings: a warning when a run of bad steps has lasted <paramref name="patience"/> steps, an error when
/// it has lasted four times as many, nothing in between.
/// </summary>
/// <param name="patience">Steps in a row until the warning.</param>
/// <param name="onlyWarns">Whether it never becomes an error.</param>
internal struct Persistence(int patience, bool onlyWarns)
{
    private const int UntilError = 4;

    private int _run;
    private bool _warned;

    /// <summary>The step at which the latest run of bad steps began; 0 before any.</summary>
    public long First { get; private set; }

    /// <summary>The last bad step; 0 before any.</summary>
    public long Last { get; private set; }

    /// <summary>Counts a step; the severity to report now, if any.</summary>
    public Severity? Count(bool bad, long step)
    {
        _run = bad ? _run + 1 : 0;
        if (bad)
            (First, Last) = (_run == 1 ? step : First, step);
        if (!onlyWarns && _run == UntilError * (long)patience)
            return Severity.Error;
        if (_warned || _run < patience)
            return null;
        _warned = true;
        return Severity.Warning;
    }

    /// <summary>The layer with the greatest of such a statistic; −1 of none.</summary>
    public static int Worst(ActivationStatistics[] layers, Func<ActivationStatistics, double> statistic) =>
        layers.Length == 0 ? -1 : Enumerable.Range(0, layers.Length).MaxBy(l => statistic(layers[l]));
}
