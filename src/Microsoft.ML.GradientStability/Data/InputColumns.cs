using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>The columns that a trainer reads, checked: features, and where there are such, labels and weights.</summary>
internal sealed record InputColumns(string Features, string? Label, string? Weight, LabelReader? Labels)
{
    /// <summary>Feature columns beside the first.</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>Whether vectors of keys are features too, as tokens.</summary>
    public bool TakesKeys { get; init; }

    /// <summary>Whether keys are features too, as categories: where there are several columns.</summary>
    public bool TakesCategories { get; init; }

    /// <summary>Whether the first column is read by itself, as a sequence or an image, and others beside what is made of it.</summary>
    public bool IsApart { get; init; }

    /// <summary>Different tokens where features are such by the options; 0 where they are numbers, or keys that count them.</summary>
    public int Tokens { get; init; }

    /// <summary>What vectors of unknown size may be, as sequences; <see langword="null"/> where a network takes none. Its greatest length is 0 where the rows say it.</summary>
    public RowLength? Sequence { get; init; }

    /// <param name="schema">That of the data.</param>
    /// <param name="where">How an error about a row of it begins; nothing for the training data.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public BoundColumns Bind(DataViewSchema schema, string where = "")
    {
        var features = FeatureColumns.Of([.. Names().Select(name => Find(schema, name))], TakesKeys, IsApart);
        DataViewSchema.Column? label = Label is null ? null : SchemaMismatch.Find(schema, "label", Label);
        DataViewSchema.Column? weight = Weight is null ? null : SchemaMismatch.Find(schema, "weight", Weight);
        Check(label is null ? null : ColumnForm.Of(label.Value), weight is null ? null : ColumnForm.Of(weight.Value));
        return new BoundColumns(features, features.Vary ? Sequence!.Value.Behind(features.Before) : new RowLength(features.Width), label, weight, Labels, where)
        {
            Tokens = Tokens > 0 ? Tokens : TakesKeys ? features.Main.Keys : 0,
        };
    }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public void Check(SchemaShape shape)
    {
        foreach (var name in Names())
            Check(ColumnForm.Of(SchemaMismatch.Find(shape, "feature", name)), IsMain(name));
        Check(Label is null ? null : ColumnForm.Of(SchemaMismatch.Find(shape, "label", Label)),
            Weight is null ? null : ColumnForm.Of(SchemaMismatch.Find(shape, "weight", Weight)));
    }

    private IEnumerable<string> Names() => Extra.Prepend(Features);

    private DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        var column = SchemaMismatch.Find(schema, "feature", name);
        Check(ColumnForm.Of(column), IsMain(name));
        return Sequence is not null || column.Type is not VectorDataViewType { Size: 0 } ? column : throw SchemaMismatch.Features(ColumnForm.Of(column));
    }

    private bool IsMain(string name) => name == Features;

    /// <summary>
    /// Vectors of a known size, and single values where there are several columns; a column that is read by itself is a vector, or sequences of any length.
    /// </summary>
    private void Check(ColumnForm features, bool isMain)
    {
        var isRead = isMain && IsApart;
        var isItem = features.IsSingle || features.IsKey && (isRead ? TakesKeys && !features.IsScalar : TakesCategories);
        var isValue = features.IsScalar && Extra.Count > 0 && !isRead;
        var isSequence = isRead && Sequence is not null && features.Kind == SchemaShape.Column.VectorKind.VariableVector;
        if (!isItem || !(isValue || isSequence || features.Kind == SchemaShape.Column.VectorKind.Vector))
            throw SchemaMismatch.Features(features);
    }

    private void Check(ColumnForm? label, ColumnForm? weight)
    {
        if (label is not null)
            Labels!.Check(label.Value);
        if (weight is { IsSingle: false } or { IsScalar: false })
            throw SchemaMismatch.Weight(weight.Value);
    }
}

/// <summary>The same columns in one data view.</summary>
internal sealed record BoundColumns(
    FeatureColumns Features, RowLength Length, DataViewSchema.Column? Label, DataViewSchema.Column? Weight, LabelReader? Labels,
    string Where)
{
    /// <summary>Different tokens where features are such; 0 where they are numbers.</summary>
    public int Tokens { get; init; }

    /// <summary>Features of a step where labels are those of steps; 0 where a row has one.</summary>
    public int LabelledStep { get; init; }

    /// <summary>Steps of a row where these have labels; <see langword="null"/> where rows have different lengths.</summary>
    public int? Steps => Length.Varies ? null : Width / LabelledStep;

    /// <summary>How many numbers a row has with the labels of its steps.</summary>
    public RowLength Stored => LabelledStep == 0 ? Length : Length.Varies ? Length with { Step = LabelledStep + 1 } : new RowLength(Width / LabelledStep * (LabelledStep + 1));

    /// <summary>Features a row, of the longest.</summary>
    public int Width => Length.Most;

    /// <summary>The same columns with the length of the longest row, where nothing else says how long rows are.</summary>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public BoundColumns Measured(IDataView data, Cancellation cancellation)
    {
        if (Width > 0)
            return this;
        var longest = Length.Least;
        var read = default(VBuffer<float>);
        using var cursor = data.GetRowCursor(Features.Read);
        var features = Features.Getter(cursor);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancelled();
            features(ref read);
            longest = Math.Max(longest, read.Length);
        }
        return this with { Length = Length with { Most = longest } };
    }
}
