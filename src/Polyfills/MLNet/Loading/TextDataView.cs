using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of text files; each cursor reads the files anew.</summary>
internal sealed class TextDataView(IHost host, IMultiStreamSource files, TextFormat format, TextBinding binding) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => binding.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Schema.ToActive(columnsNeeded);
        return new TextCursor(host, files, format, binding, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
