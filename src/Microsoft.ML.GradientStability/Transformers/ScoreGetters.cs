using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Getters of the columns that a deep network adds, over a scored batch.</summary>
internal static class ScoreGetters
{
    /// <param name="batch">The scored batch.</param>
    /// <param name="column">One of our columns in the output schema.</param>
    /// <param name="firstIndex">The index of the first of them there.</param>
    /// <param name="current">The row to read.</param>
    public static Delegate Create(OnnxScorer.Batch batch, DataViewSchema.Column column, int firstIndex, RowInBatch current)
    {
        if (column.Index == firstIndex)
            return (ValueGetter<uint>)((ref uint label) => label = (uint)batch.Class(current.Index) + 1);

        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> score) =>
        {
            var scores = batch.Scores(current.Index);
            var editor = VBufferEditor.Create(ref score, scores.Length);
            scores.CopyTo(editor.Values);
            score = editor.Commit();
        });
    }
}
