namespace Microsoft.ML.GradientStability;

/// <summary>
/// Turns "this step is bad" into findings: a warning when a run of bad steps begins, an error when it has lasted
/// <paramref name="patience"/> steps, nothing in between.
/// </summary>
/// <param name="patience">Steps in a row until the warning becomes an error; <see cref="int.MaxValue"/> for never.</param>
internal struct Persistence(int patience)
{
    private int _run;
    private bool _warned;

    /// <summary>Counts a step; the severity to report now, if any.</summary>
    public Severity? Count(bool bad)
    {
        if (!bad)
        {
            _run = 0;
            return null;
        }
        _run++;
        if (_run == patience)
        {
            _warned = true;
            return Severity.Error;
        }
        if (_warned)
            return null;
        _warned = true;
        return Severity.Warning;
    }
}
