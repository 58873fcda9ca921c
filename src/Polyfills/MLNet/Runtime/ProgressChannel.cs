namespace Microsoft.ML.Runtime;

/// <summary>
/// Takes what a trainer reports and checks it as ML.NET does. ML.NET shows these reports to its command line only: nothing of
/// them reaches <see cref="MLContext.Log"/>, so the values end here.
/// </summary>
internal sealed class ProgressChannel : IProgressChannel
{
    private readonly bool _isSubordinate;
    private ProgressHeader _header = new(null);
    private bool _disposed;

    public ProgressChannel(string name, bool isSubordinate = false)
    {
        if (!isSubordinate)
            Contracts.CheckNonEmpty(name, nameof(name));
        _isSubordinate = isSubordinate;
    }

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => _header = header;

    public void Checkpoint(params double?[] values)
    {
        if (_isSubordinate)
            return;
        Contracts.Check(!_disposed, "Can't report checkpoints after disposing");
        // A value a metric, then one a unit, then one a unit's limit.
        var most = _header.MetricNames.Count + 2 * _header.UnitNames.Count;
        Contracts.Check((values?.Length ?? 0) <= most, "Too many values provided in Checkpoint");
    }

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(name, isSubordinate: true);

    public void Dispose() => _disposed = true;
}
