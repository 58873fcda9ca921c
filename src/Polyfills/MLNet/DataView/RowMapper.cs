namespace Microsoft.ML.Data;

/// <summary>What a transformer adds to a row: the new columns, what they are computed from, and their getters.</summary>
internal abstract class RowMapper(DataViewSchema inputSchema)
{
    private DataViewSchema.DetachedColumn[]? _outputColumns;

    internal DataViewSchema InputSchema { get; } = inputSchema;

    internal DataViewSchema.DetachedColumn[] OutputColumns => _outputColumns ??= GetOutputColumns();

    protected abstract DataViewSchema.DetachedColumn[] GetOutputColumns();

    /// <summary>Marks the columns of the input schema that the output needs.</summary>
    internal abstract void MarkDependencies(int iOut, bool[] active);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the output; a disposer where it holds something to free.</summary>
    protected virtual Delegate MakeGetter(DataViewRow input, int iOut, Func<int, bool> isOutputActive, out Action? disposer) =>
        throw new NotSupportedException($"A mapper overrides {nameof(MakeGetter)} or {nameof(CreateGetters)}.");

    /// <summary>The getters of the active outputs, null for the others.</summary>
    internal virtual Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isOutputActive, out Action? disposer)
    {
        disposer = null;
        var getters = new Delegate?[OutputColumns.Length];
        for (var i = 0; i < getters.Length; i++)
        {
            if (!isOutputActive(i))
                continue;
            getters[i] = MakeGetter(input, i, isOutputActive, out var free);
            disposer += free;
        }
        return getters;
    }
}
