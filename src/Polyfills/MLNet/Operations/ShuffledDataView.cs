using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// The rows of a source in a random order that a seed repeats: each row is drawn from a pool, and the next row of the source takes
/// its place. Where the source can shuffle by itself, it does that first.
/// </summary>
internal sealed class ShuffledDataView(IHost host, IDataView source, int? seed, int poolSize, bool shuffleSource) : IDataView
{
    private readonly uint _seed = seed is { } value ? (uint)value : NextSeed(host.Rand);

    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        rand ??= new TauswortheRandom(_seed);
        var input = source.GetRowCursor(columnsNeeded, shuffleSource ? new TauswortheRandom(rand) : null);
        return poolSize == 1 ? input : new ShuffledCursor(input, poolSize, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static uint NextSeed(Random random) =>
        random is TauswortheRandom own ? own.NextBits() : (uint)random.Next(int.MinValue, int.MaxValue);
}
