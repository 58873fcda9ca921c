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

    /// <summary>Counts a step; the severity to report now, if any.</summary>
    public Severity? Count(bool bad)
    {
        _run = bad ? _run + 1 : 0;
        if (!onlyWarns && _run == UntilError * (long)patience)
            return Severity.Error;
        if (_warned || _run < patience)
            return null;
        _warned = true;
        return Severity.Warning;
    }
}
