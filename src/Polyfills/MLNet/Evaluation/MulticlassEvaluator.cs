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
        var type = score.Type as VectorDataViewType;
        EvaluatedColumns.Check(type is { Size: >= 2 } && type.ItemType == NumberDataViewType.Single, score, "score",
            "vector of two or more items of type Single");
        EvaluatedColumns.Check(label.Type == NumberDataViewType.Single || label.Type is KeyDataViewType, label, "label", "Single or Key");
        (_label, _score, _classes) = (label, score, type!.Size);
    }

    public MulticlassClassificationMetrics Evaluate(IDataView data, int topKPredictionCount)
    {
        var counts = new MulticlassCounts(_classes);
        using var cursor = data.GetRowCursor([_label, _score]);
        var labelGetter = EvaluatedColumns.GetLabelGetter(cursor, _label);
        var scoreGetter = cursor.GetGetter<VBuffer<float>>(_score);
        var label = 0f;
        VBuffer<float> scores = default;
        var dense = new float[_classes];
        while (cursor.MoveNext())
        {
            labelGetter(ref label);
            if (!(label >= 0 && label == (int)label))
                continue;
            scoreGetter(ref scores);
            if (scores.Length != _classes)
                throw Contracts.Except($"Column '{_score.Name}': expected {_classes} scores, but got {scores.Length}");
            scores.CopyTo(dense);
            if (Array.TrueForAll(dense, float.IsFinite))
                counts.Add((int)label, dense);
        }
        return new MulticlassClassificationMetrics(counts, topKPredictionCount, ClassNames());
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
