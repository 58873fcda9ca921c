namespace Microsoft.ML.Data;

public sealed class MulticlassClassificationMetricsStatistics : IMetricsStatistics<MulticlassClassificationMetrics>
{
    internal MulticlassClassificationMetricsStatistics()
    {
    }

    public MetricStatistics MacroAccuracy { get; } = new();

    public MetricStatistics MicroAccuracy { get; } = new();

    public MetricStatistics LogLoss { get; } = new();

    public MetricStatistics LogLossReduction { get; } = new();

    public MetricStatistics TopKAccuracy { get; } = new();

    /// <summary>Null until there is a measurement.</summary>
    public IReadOnlyList<MetricStatistics> PerClassLogLoss { get; private set; } = null!;

    void IMetricsStatistics<MulticlassClassificationMetrics>.Add(MulticlassClassificationMetrics metrics, MulticlassClassificationMetrics baseline)
    {
        MacroAccuracy.Add(metrics.MacroAccuracy - baseline.MacroAccuracy);
        MicroAccuracy.Add(metrics.MicroAccuracy - baseline.MicroAccuracy);
        LogLoss.Add(metrics.LogLoss - baseline.LogLoss);
        LogLossReduction.Add(metrics.LogLossReduction - baseline.LogLossReduction);
        TopKAccuracy.Add(metrics.TopKAccuracy - baseline.TopKAccuracy);
        PerClassLogLoss ??= [.. metrics.PerClassLogLoss.Select(_ => new MetricStatistics())];
        for (var i = 0; i < PerClassLogLoss.Count; i++)
            PerClassLogLoss[i].Add(metrics.PerClassLogLoss[i] - baseline.PerClassLogLoss[i]);
    }
}
