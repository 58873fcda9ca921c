namespace Microsoft.ML.Data;

/// <summary>The rows of a source whose sample number is accepted.</summary>
internal sealed class SampledDataView(IDataView source, RowSampler sampler, Func<double, bool> accept) : FilteredDataView(
    source,
    sampler.Column is { } column ? [column] : [],
    cursor => new Filter(sampler.Bind(cursor), accept),
    isShufflable: sampler.Column is not null)
{
    private sealed class Filter(Func<double> number, Func<double, bool> accept) : IRowFilter
    {
        public bool Accepts() => accept(number());
    }
}
