using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns that a text file's fields are read into.</summary>
internal sealed class TextBinding
{
    private const int SampleLines = 100;

    private TextBinding(TextColumn[] columns, DataViewSchema schema) => (Columns, Schema) = (columns, schema);

    public TextColumn[] Columns { get; }

    public DataViewSchema Schema { get; }

    /// <param name="sample">What open ranges and slot names are taken from.</param>
    public static TextBinding Bind(TextLoader.Column[]? columns, TextFormat format, IMultiStreamSource sample)
    {
        if (columns is not { Length: > 0 })
            columns = [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, [new(1, null)])];
        var hasOpenRange = columns.Any(c => c.Source?.Any(r => r is { AutoEnd: true, Max: null }) == true);
        var fieldCount = hasOpenRange ? CountFields(format, sample) : 0;
        TextColumn[] bound = [.. columns.Select(c => BindColumn(c, fieldCount))];
        var header = format.HasHeader ? ReadHeader(format, sample) : [];
        return new TextBinding(bound, bound.Select(c => ToDetached(c, header)).ToSchema());
    }

    private static TextColumn BindColumn(TextLoader.Column column, int fieldCount)
    {
        Contracts.CheckParam(!string.IsNullOrWhiteSpace(column.Name), nameof(column.Name), "A column must have a name");
        var source = column.Source ?? [];
        Contracts.CheckParam(source.Length > 0, nameof(column.Source), "Must specify some source column indices");
        (int Min, int Lim)[] segments = [.. source.Select(r => (r.Min, LimOf(r, fieldCount)))];
        var sorted = segments.OrderBy(s => s.Min).ToArray();
        for (var i = 1; i < sorted.Length; i++)
            Contracts.CheckParam(sorted[i - 1].Lim <= sorted[i].Min, nameof(column.Source),
                $"Intervals specified for column '{column.Name}' overlap");

        PrimitiveDataViewType itemType = column.DataKind.ToDataViewType();
        if (column.KeyCount is { } keys)
            itemType = new KeyDataViewType(itemType.RawType, keys.Count ?? KeyDataViewType.MaxCount(itemType.RawType));
        var size = segments.Sum(s => s.Lim - s.Min);
        DataViewType type = size > 1 || source[0].ForceVector || source[0].AutoEnd ? new VectorDataViewType(itemType, size) : itemType;
        return new TextColumn(column.Name.Trim(), type, segments);
    }

    private static int LimOf(TextLoader.Range range, int fieldCount)
    {
        Contracts.CheckParam(range.Min >= 0, nameof(range.Min), "Must be non-negative");
        if (range.Max is { } max)
        {
            Contracts.CheckParam(range.Min <= max, nameof(range.Max), $"Must not be less than {nameof(range.Min)}");
            return max + 1;
        }
        Contracts.CheckParam(!range.AutoEnd || range.Min < fieldCount, nameof(range.Min),
            $"Column #{range.Min} not found in the dataset (it only has {fieldCount} columns)");
        return range.AutoEnd ? fieldCount : range.Min + 1;
    }

    private static int CountFields(TextFormat format, IMultiStreamSource sample)
    {
        var (min, max) = (int.MaxValue, 0);
        using var rows = new TextRows(sample, format, int.MaxValue);
        // The header counts too, as it must have the fields of the lines below it.
        for (var count = 0; count < SampleLines && rows.MoveNext(includeHeader: true); count++)
            (min, max) = (Math.Min(min, rows.Fields.Count), Math.Max(max, rows.Fields.Count));
        Contracts.CheckParam(max > 0, nameof(TextLoader.Column.Source), "Can't determine the number of source columns without valid data");
        Contracts.CheckParam(min == max, nameof(TextLoader.Column.Source), "The size of input lines is not consistent");
        return max;
    }

    private static string[] ReadHeader(TextFormat format, IMultiStreamSource sample)
    {
        using var rows = new TextRows(sample, format, int.MaxValue);
        if (!rows.MoveNext(includeHeader: true))
            return [];
        var names = new string[rows.Fields.Count];
        for (var i = 0; i < names.Length; i++)
            names[i] = rows.Fields[i].Trim().ToString();
        return names;
    }

    private static DataViewSchema.DetachedColumn ToDetached(TextColumn column, string[] header)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector)
            return new(column.Name, column.Type);
        var names = column.Segments.SelectMany(s => Enumerable.Range(s.Min, s.Lim - s.Min))
            .Select(field => (field < header.Length ? header[field] : "").AsMemory()).ToArray();
        if (names.All(name => name.IsEmpty))
            return new(column.Name, column.Type);
        var annotations = new DataViewSchema.Annotations.Builder();
        var slotNames = new VBuffer<ReadOnlyMemory<char>>(names.Length, names);
        annotations.AddSlotNames(vector.Size, slotNames.CopyTo);
        return new(column.Name, column.Type, annotations.ToAnnotations());
    }
}
