using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Splits a line when it moves; a getter parses the fields of its column straight into the caller's buffer.</summary>
internal sealed class TextCursor : DataViewRowCursor
{
    private readonly TextFormat _format;
    private readonly TextRows _rows;
    private readonly TextReport _report;
    private readonly Delegate?[] _getters;
    private long _position = -1;
    private bool _ended;

    public TextCursor(IHost host, IMultiStreamSource files, TextFormat format, TextBinding binding, bool[] active)
    {
        (_format, Schema) = (format, binding.Schema);
        var needed = binding.Columns.Where((_, i) => active[i]).Select(c => c.Lim).DefaultIfEmpty(1).Max();
        _rows = new TextRows(files, format, needed);
        _report = new TextReport(host);
        _getters = new Delegate?[active.Length];
        for (var i = 0; i < active.Length; i++)
            if (active[i])
                _getters[i] = MakeGetter(binding.Columns[i]);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    private TextFields Fields => _position >= 0 ? _rows.Fields : throw Contracts.Except("The cursor does not stand on a row.");

    public override bool MoveNext()
    {
        if (_ended || _position + 1 >= _format.MaxRows || !_rows.MoveNext())
        {
            Dispose();
            return false;
        }
        _position++;
        _report.Row();
        if (!_rows.IsWellFormed)
            _report.BadFormat(_rows.Path, _rows.LineNumber);
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] is not null;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        RowExtensions.CheckedGetter<TValue>(_getters[column.Index]);

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _ended)
            return;
        (_ended, _position) = (true, -1);
        _rows.Dispose();
        _report.Dispose();
    }

    private Delegate MakeGetter(TextColumn column)
    {
        var itemType = (PrimitiveDataViewType)column.Type.GetItemType();
        var isVector = column.Type is VectorDataViewType;
        if (itemType is TextDataViewType)
            return isVector ? TextsGetter(column) : TextGetter(column);
        var parser = TextValues.ParserOf(itemType, _format.MissingRealsAsNaNs);
        return isVector
            ? TypedCall.Of<Delegate>(VectorGetter<int>, [itemType.RawType], column, parser)
            : TypedCall.Of<Delegate>(ScalarGetter<int>, [itemType.RawType], column, parser);
    }

    private Delegate ScalarGetter<T>(TextColumn column, TextParser<T> parse)
    {
        var field = column.Segments[0].Min;
        return (ValueGetter<T>)((ref T dst) =>
        {
            if (!parse(Fields[field], out dst))
                BadValue(column, field, slot: null);
        });
    }

    private Delegate VectorGetter<T>(TextColumn column, TextParser<T> parse)
    {
        var size = column.Type.GetVectorSize();
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> dst) =>
        {
            var (fields, slot) = (Fields, 0);
            var editor = VBufferEditor.Create(ref dst, size);
            foreach (var (min, lim) in column.Segments)
            {
                for (var field = min; field < lim; field++, slot++)
                    if (!parse(fields[field], out editor.Values[slot]))
                        BadValue(column, field, slot);
            }
            dst = editor.Commit();
        });
    }

    private Delegate TextGetter(TextColumn column)
    {
        var (field, texts) = (column.Segments[0].Min, new TextCache());
        return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> dst) => dst = texts.Keep(Fields[field]));
    }

    private Delegate TextsGetter(TextColumn column)
    {
        var (size, texts) = (column.Type.GetVectorSize(), new TextCache());
        return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> dst) =>
        {
            var (fields, slot) = (Fields, 0);
            var editor = VBufferEditor.Create(ref dst, size);
            foreach (var (min, lim) in column.Segments)
                for (var field = min; field < lim; field++, slot++)
                    editor.Values[slot] = texts.Keep(fields[field]);
            dst = editor.Commit();
        });
    }

    private void BadValue(TextColumn column, int field, int? slot)
    {
        if (!TextValues.HasMissing(column.Type.GetItemType()))
        {
            var line = $"line {_rows.LineNumber}";
            var place = slot is { } s ? $"slot {s} of column {column.Name}, {line}" : $"{line}, column {column.Name}";
            throw Contracts.ExceptDecode($"Parsing failed with an exception: Could not parse value {_rows.Fields[field]} in {place}");
        }
        _report.BadValue(_rows.LineNumber, column.Name, slot);
    }
}
