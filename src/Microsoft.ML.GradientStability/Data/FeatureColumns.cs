using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The feature columns of a data view as one row of numbers: the values of columns of numbers, one behind the other, then those of columns of keys, each
/// key as its number from 1, a missing one as 0. A column that a network reads by itself stands behind all others, whatever it holds.
/// </summary>
internal sealed class FeatureColumns
{
    /// <summary>What the row is called where it joins several columns.</summary>
    public const string JoinedName = "JoinedFeatures";

    /// <summary>The row itself, where the data has it.</summary>
    private readonly DataViewSchema.Column? _joined;

    private readonly bool _areTokens;

    private FeatureColumns(IReadOnlyList<FeatureColumn> all, bool areTokens, bool isApart, DataViewSchema.Column? joined = null) => (All, _areTokens, IsApart, _joined) = (all, areTokens, isApart, joined);

    /// <summary>The columns, those of numbers first, each in the order in which they were named; last one that is read by itself.</summary>
    public IReadOnlyList<FeatureColumn> All { get; }

    /// <summary>Whether the first column that was named is read by itself, and stands last.</summary>
    public bool IsApart { get; }

    /// <summary>The column of the network's input, the first that was named or one of those beside it.</summary>
    public FeatureColumn Main => IsApart ? All[^1] : All[0];

    /// <summary>Those that are not.</summary>
    public IEnumerable<FeatureColumn> Beside => IsApart ? All.SkipLast(1) : All.Skip(1);

    /// <summary>Whether rows have different lengths, as sequences of the last column.</summary>
    public bool Vary => All[^1].Width == 0;

    /// <summary>Slots before the column that is read by itself.</summary>
    public int Before => IsApart ? All[^1].Start : 0;

    /// <summary>Numbers a row; those before the sequence where rows have different lengths.</summary>
    public int Width => All[^1].Start + All[^1].Width;

    /// <summary>Slots that are numbers.</summary>
    public IEnumerable<int> Numbers => All.Where(part => part.Keys == 0).SelectMany(part => Enumerable.Range(part.Start, part.Width));

    /// <summary>The name of the row: that of the column, where it is one.</summary>
    public string Name => All.Count == 1 ? All[0].Name : JoinedName;

    /// <summary>Of the column, where it is one; otherwise of the row.</summary>
    public DataViewType Type => All.Count == 1 ? All[0].Column.Type : new VectorDataViewType(NumberDataViewType.Single, Vary ? 0 : Width);

    /// <summary>What is read of the data.</summary>
    public IEnumerable<DataViewSchema.Column> Read => _joined is { } joined ? [joined] : All.Select(part => part.Column);

    /// <summary>As people name them.</summary>
    public string Title => All.Count == 1 ? $"column '{All[0].Name}'" : $"columns {Listing.Of(All.Select(part => $"'{part.Name}'"), All.Count)}";

    /// <param name="columns">Checked ones, in the order in which they were named.</param>
    /// <param name="areTokens">Whether keys of the first are tokens, of which a sequence leaves out those that it does not know, and not categories.</param>
    /// <param name="isApart">Whether the first is read by itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">One has more keys than a network can tell apart.</exception>
    public static FeatureColumns Of(IReadOnlyList<DataViewSchema.Column> columns, bool areTokens, bool isApart)
    {
        var start = 0;
        var all = new List<FeatureColumn>();
        foreach (var column in isApart ? columns.Skip(1).OrderBy(IsKey).Append(columns[0]) : columns.OrderBy(IsKey))
        {
            all.Add(FeatureColumn.Of(column, start));
            start = checked(start + all[^1].Width);
        }
        return new FeatureColumns(all, areTokens, isApart);

        static bool IsKey(DataViewSchema.Column column) => ColumnForm.Of(column).IsKey;
    }

    /// <summary>The same columns in other data, which may have the row as such.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is missing, or is not what it was.</exception>
    public FeatureColumns In(DataViewSchema schema)
    {
        if (All.Count > 1 && schema.GetColumnOrNull(JoinedName) is { } joined && joined.Type is VectorDataViewType row && row.ItemType == NumberDataViewType.Single && row.Size == (Vary ? 0 : Width))
            return new FeatureColumns(All, _areTokens, IsApart, joined);
        return new FeatureColumns([.. All.Select(part => part.In(schema, AreTokens(part)))], _areTokens, IsApart);
    }

    /// <summary>Reads the row.</summary>
    /// <param name="row">Of the data.</param>
    /// <param name="where">How an error begins.</param>
    public ValueGetter<VBuffer<float>> Getter(DataViewRow row, string where = "")
    {
        if (_joined is { } joined)
            return row.GetGetter<VBuffer<float>>(joined);
        var getters = All.Select(part => FeatureGetter.Of(row, part, AreTokens(part) ? int.MaxValue : part.Keys, where)).ToArray();
        return getters.Length == 1 ? getters[0] : Join(row, getters, where);
    }

    /// <summary>Slots of the row in words: by number, from 0, and by name where there are names; of several columns with the column.</summary>
    public IEnumerable<string> Names(IEnumerable<int> slots) =>
        slots.Select(slot => At(slot) is var part && All.Count == 1 ? part.NameOf(slot) : part.IsScalar ? $"'{part.Name}'" : $"{part.NameOf(slot)} of '{part.Name}'");

    /// <summary>One of them, as the end of a sentence.</summary>
    public string Place(int slot) => At(slot) is { IsScalar: false } part ? $"{part.NameOf(slot)} of column '{part.Name}'" : $"column '{At(slot).Name}'";

    /// <summary>What a slot is called where the row stands as a column.</summary>
    public string SlotName(int slot) => At(slot) is var part && part.IsScalar ? part.Name : $"{part.Name}.{part.ShortNameOf(slot)}";

    /// <summary>The column that a slot belongs to.</summary>
    public FeatureColumn At(int slot) => All.Last(part => part.Start <= slot);

    private bool AreTokens(FeatureColumn part) => _areTokens && part.Start == All[^1].Start;

    private ValueGetter<VBuffer<float>> Join(DataViewRow row, ValueGetter<VBuffer<float>>[] getters, string where)
    {
        var parts = new VBuffer<float>[getters.Length];
        return (ref VBuffer<float> joined) =>
        {
            var (width, count) = (0, 0);
            for (var i = 0; i < parts.Length; i++)
            {
                getters[i](ref parts[i]);
                if (All[i].Width > 0 && parts[i].Length != All[i].Width)
                    throw new InvalidOperationException(
                        $"{where}Row {row.Position + 1} has {parts[i].Length} values in column '{All[i].Name}', whose type says {All[i].Width}. Mend the transform that makes the column.");
                width += parts[i].Length;
                count += parts[i].GetValues().Length;
            }
            var editor = VBufferEditor.Create(ref joined, width, count);
            var next = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                var values = parts[i].GetValues();
                values.CopyTo(editor.Values[next..]);
                if (count < width)
                    for (var value = 0; value < values.Length; value++)
                        editor.Indices[next + value] = All[i].Start + (parts[i].IsDense ? value : parts[i].GetIndices()[value]);
                next += values.Length;
            }
            joined = editor.Commit();
        };
    }
}
