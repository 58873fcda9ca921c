namespace Microsoft.ML.Data;

/// <summary>The rows of a source whose sample number is accepted.</summary>
internal sealed class SampledDataView(IDataView source, RowSampler sampler, Func<double, bool> accept) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Schema.ToActive(columnsNeeded);
        var needed = source.Schema.Where(c => active[c.Index] || c.Index == sampler.Column?.Index);
        return new Cursor(source.GetRowCursor(needed), active, sampler, accept);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : WrappingCursor
    {
        private readonly bool[] _active;
        private readonly Func<double> _number;
        private readonly Func<double, bool> _accept;
        private long _position = -1;

        public Cursor(DataViewRowCursor input, bool[] active, RowSampler sampler, Func<double, bool> accept)
            : base(input) => (_active, _number, _accept) = (active, sampler.Bind(input), accept);

        public override long Position => _position;

        public override DataViewSchema Schema => Input.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            while (Input.MoveNext())
            {
                if (!_accept(_number()))
                    continue;
                _position++;
                return true;
            }
            _position = -1;
            return false;
        }
    }
}
