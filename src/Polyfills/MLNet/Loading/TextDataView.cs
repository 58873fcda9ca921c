using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a text file; each cursor reads the file anew.</summary>
internal sealed class TextDataView(IHost host, string path, TextFormat format, TextBinding binding) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => binding.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Schema.ToActive(columnsNeeded);
        return new TextCursor(host, path, format, binding, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
