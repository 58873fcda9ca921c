namespace Microsoft.ML.Data;

/// <summary>Statistics of how far metrics lie from those of a baseline.</summary>
internal interface IMetricsStatistics<TMetrics>
{
    void Add(TMetrics metrics, TMetrics baseline);
}
