using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public static class DebuggerExtensions
{
    private const int MaxRows = 100;

    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = MaxRows) => new(data, maxRows);

    public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = MaxRows) =>
        new(transformer.Transform(data), maxRows);

    public static DataDebuggerPreview Preview(
        this IEstimator<ITransformer> estimator, IDataView data, int maxRows = MaxRows, int maxTrainingRows = MaxRows)
    {
        Contracts.CheckValue(estimator, nameof(estimator));
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(maxTrainingRows >= 0, nameof(maxTrainingRows), "Must be non-negative");
        return estimator.Fit(new RowRangeDataView(data, skip: 0, take: maxTrainingRows)).Preview(data, maxRows);
    }

    public static DataDebuggerPreview Preview<TSource>(this IDataLoader<TSource> loader, TSource source, int maxRows = MaxRows) =>
        new(loader.Load(source), maxRows);
}
