using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The active columns of one mapped cursor or row.</summary>
internal sealed class MappedColumns(ColumnBindings bindings, RowMapper mapper, bool[] active)
{
    private Delegate?[] _getters = [];
    private Action? _disposer;

    public DataViewSchema Schema => bindings.Schema;

    public void Bind(DataViewRow input) => _getters = mapper.CreateGetters(input, added => active[bindings.OutputIndex(added)], out _disposer);

    public bool IsActive(DataViewSchema.Column column) => active[column.Index];

    public ValueGetter<TValue> GetGetter<TValue>(DataViewRow input, DataViewSchema.Column column)
    {
        Contracts.Check(IsActive(column), $"The column '{column.Name}' is not active.");
        return bindings.IsSource(column.Index, out var index)
            ? input.GetGetter<TValue>(input.Schema[index])
            : RowExtensions.CheckedGetter<TValue>(_getters[index]);
    }

    public void Release()
    {
        _disposer?.Invoke();
        _disposer = null;
    }
}
