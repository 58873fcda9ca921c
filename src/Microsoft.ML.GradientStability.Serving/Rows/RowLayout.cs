namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Where the columns of a row lie: numbers side by side in bytes, each column at a multiple of 8; texts side by side in an array of strings.
/// </summary>
internal sealed class RowLayout
{
    private const int Alignment = 8;

    private readonly int[] _starts;

    public RowLayout(IReadOnlyList<ModelColumn> columns)
    {
        Columns = [.. columns];
        _starts = new int[columns.Count];
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            if (column.Type == ColumnType.Text)
            {
                _starts[i] = Texts;
                Texts = checked(Texts + column.Width);
                continue;
            }
            _starts[i] = Bytes;
            Bytes = checked(Bytes + (column.Width * column.Type.Bytes() + Alignment - 1) / Alignment * Alignment);
        }
    }

    public ModelColumn[] Columns { get; }

    /// <summary>Of the numbers of a row.</summary>
    public int Bytes { get; }

    /// <summary>Strings of a row.</summary>
    public int Texts { get; }

    /// <summary>−1 where there is none.</summary>
    public int Find(string name)
    {
        for (var i = 0; i < Columns.Length; i++)
            if (Columns[i].Name == name)
                return i;
        return -1;
    }

    /// <exception cref="ArgumentException">There is no such column; the message lists those there are.</exception>
    public int Require(string name, string kind)
    {
        var column = Find(name);
        return column >= 0 ? column : throw new ArgumentException($"The model has no {kind} '{name}'; it has {ModelSchema.List(Columns)}.", nameof(name));
    }

    /// <summary>The bytes of a column of numbers in a row.</summary>
    public Span<byte> Numbers(byte[] rows, int row, int column) =>
        rows.AsSpan(row * Bytes + _starts[column], Columns[column].Width * Columns[column].Type.Bytes());

    /// <summary>The strings of a column of text in a row.</summary>
    public Span<string?> Text(string?[] rows, int row, int column) => rows.AsSpan(row * Texts + _starts[column], Columns[column].Width);
}
