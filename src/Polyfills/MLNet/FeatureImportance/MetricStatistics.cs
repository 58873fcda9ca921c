namespace Microsoft.ML.Data;

public sealed class MetricStatistics
{
    private double _squaredDeviations;

    internal MetricStatistics()
    {
    }

    public double Mean { get; private set; }

    public double StandardDeviation => Count <= 1 ? 0 : Math.Sqrt(_squaredDeviations / (Count - 1));

    public double StandardError => Count <= 1 ? 0 : StandardDeviation / Math.Sqrt(Count);

    public int Count { get; private set; }

    internal void Add(double value)
    {
        var deviation = value - Mean;
        Mean += deviation / ++Count;
        _squaredDeviations += deviation * (value - Mean);
    }
}
