using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Counts scored rows. A row is left out that has no label, a label that is no class, or a score that is not finite.</summary>
internal sealed class MulticlassEvaluator
{
    private readonly DataViewSchema.Column _label;
    private readonly DataViewSchema.Column _score;
    private readonly int _classes;

    public MulticlassEvaluator(DataViewSchema.Column label, DataViewSchema.Column score)
    {
        if (score.Type is not VectorDataViewType { Size: >= 2 } type || type.ItemType != NumberDataViewType.Single)
        {
            throw Contracts.ExceptSchemaMismatch(
                "schema", "score", score.Name, "vector of two or more items of type Single", score.Type.ToString()!);
        }
        if (label.Type != NumberDataViewType.Single && label.Type is not KeyDataViewType)
            throw Contracts.ExceptSchemaMismatch("schema", "label", label.Name, "Single or Key", label.Type.ToString()!);
        (_label, _score, _classes) = (label, score, type.Size);
    }

    public static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) => schema.TryGetColumn(name, out var column)
        ? column
        : throw Contracts.ExceptParam(nameof(schema), $"{role} column '{name}' not found");

    public MulticlassClassificationMetrics Evaluate(IDataView data, int topKPredictionCount)
    {
        var counts = new MulticlassCounts(_classes);
        using var cursor = data.GetRowCursor([_label, _score]);
        var labelOf = MakeLabelReader(cursor);
        var scoreGetter = cursor.GetGetter<VBuffer<float>>(_score);
        VBuffer<float> scores = default;
        var dense = new float[_classes];
        while (cursor.MoveNext())
        {
            var label = labelOf();
            if (label < 0)
                continue;
            scoreGetter(ref scores);
            if (scores.Length != _classes)
                throw Contracts.Except($"Column '{_score.Name}': expected {_classes} scores, but got {scores.Length}");
            scores.CopyTo(dense);
            if (Array.TrueForAll(dense, float.IsFinite))
                counts.Add(label, dense);
        }
        return new MulticlassClassificationMetrics(counts, topKPredictionCount, ClassNames());
    }

    /// <summary>The class of the current row, counted from 0; negative where it has none.</summary>
    private Func<int> MakeLabelReader(DataViewRow row)
    {
        if (_label.Type is KeyDataViewType key)
            return TypedCall.Of<Func<int>>(MakeKeyReader<int>, [key.RawType], row, key.Count);

        var getter = row.GetGetter<float>(_label);
        return () =>
        {
            var label = 0f;
            getter(ref label);
            return label >= 0 && label == (int)label ? (int)label : -1;
        };
    }

    private Func<int> MakeKeyReader<TKey>(DataViewRow row, ulong count)
    {
        var getter = row.GetGetter<TKey>(_label);
        TKey value = default!;
        return () =>
        {
            getter(ref value);
            var key = KeyIndex.Of(value);
            return key <= count ? (int)key - 1 : -1;
        };
    }

    private ReadOnlyMemory<char>[] ClassNames()
    {
        if (!_score.HasSlotNames())
            return [.. Enumerable.Range(0, _classes).Select(i => i.ToString().AsMemory())];
        VBuffer<ReadOnlyMemory<char>> names = default;
        _score.GetSlotNames(ref names);
        return [.. names.DenseValues()];
    }
}
