namespace Microsoft.ML.Data;

/// <summary>Counts scored rows. A row is left out that has no label, or a score that is not finite.</summary>
internal sealed class BinaryEvaluator
{
    private readonly DataViewSchema.Column _label;
    private readonly DataViewSchema.Column _score;
    private readonly DataViewSchema.Column? _probability;

    public BinaryEvaluator(DataViewSchema.Column label, DataViewSchema.Column score, DataViewSchema.Column? probability)
    {
        EvaluatedColumns.Check(score.Type == NumberDataViewType.Single, score, "score", "Single");
        EvaluatedColumns.Check(
            label.Type is BooleanDataViewType or KeyDataViewType { Count: 2 }
                || label.Type == NumberDataViewType.Single || label.Type == NumberDataViewType.Double,
            label, "label", "Single, Double, Boolean, or a Key with cardinality 2");
        if (probability is { } column)
            EvaluatedColumns.Check(column.Type == NumberDataViewType.Single, column, "probability", "Single");
        (_label, _score, _probability) = (label, score, probability);
    }

    /// <summary>The class of the first row of the confusion matrix, then that of the second.</summary>
    public ReadOnlyMemory<char>[] ClassNames
    {
        get
        {
            // ML.NET takes the values of a key in their order, although the first of them is the negative class.
            if (_label.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type
                is not VectorDataViewType { ItemType: TextDataViewType, Size: 2 })
                return ["positive".AsMemory(), "negative".AsMemory()];
            VBuffer<ReadOnlyMemory<char>> names = default;
            _label.GetKeyValues(ref names);
            return [.. names.DenseValues()];
        }
    }

    public BinaryCounts Count(IDataView data)
    {
        var counts = new BinaryCounts();
        using var cursor = data.GetRowCursor(_probability is { } column ? [_label, _score, column] : [_label, _score]);
        var labelGetter = EvaluatedColumns.GetLabelGetter(cursor, _label);
        var scoreGetter = cursor.GetGetter<float>(_score);
        var probabilityGetter = _probability is { } probabilities ? cursor.GetGetter<float>(probabilities) : null;
        var (label, score, probability) = (0f, 0f, float.NaN);
        while (cursor.MoveNext())
        {
            labelGetter(ref label);
            scoreGetter(ref score);
            if (!float.IsFinite(score) || float.IsNaN(label))
                continue;
            probabilityGetter?.Invoke(ref probability);
            counts.Add(label > 0, score, probability);
        }
        return counts;
    }
}
