using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        Contracts.CheckValue(input, nameof(input));
        var cache = new CachedDataView(input);
        DataViewSchema.Column[] prefetch = [.. (columnsToPrefetch ?? []).Select(name => input.Schema.TryGetColumn(name, out var column)
            ? column
            : throw Contracts.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name))];
        if (prefetch.Length > 0)
            cache.Fetch(prefetch);
        return cache;
    }

    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckNonEmpty(columns, nameof(columns));
        return MissingValueFilter.Apply(input, columns);
    }

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffledDataView(_env.Register("Shuffle"), input, seed, shufflePoolSize, shuffleSource);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(count > 0, nameof(count), "Must be greater than zero.");
        return new RowRangeDataView(input, skip: count, take: long.MaxValue);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(count > 0, nameof(count), "Must be greater than zero.");
        return new RowRangeDataView(input, skip: 0, take: count);
    }
}
