using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class RegressionCatalog
{
    public RegressionMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        Contracts.CheckNonEmpty(scoreColumnName, nameof(scoreColumnName));

        var labelColumn = EvaluatedColumns.Find(data.Schema, "Label", labelColumnName);
        var scoreColumn = EvaluatedColumns.Find(data.Schema, "Score", scoreColumnName);
        EvaluatedColumns.Check(scoreColumn.Type == NumberDataViewType.Single, scoreColumn, "score", "Single");
        EvaluatedColumns.Check(labelColumn.Type == NumberDataViewType.Single, labelColumn, "label", "Single");

        var counts = new RegressionCounts();
        using var cursor = data.GetRowCursor([labelColumn, scoreColumn]);
        var labelGetter = cursor.GetGetter<float>(labelColumn);
        var scoreGetter = cursor.GetGetter<float>(scoreColumn);
        var (label, score) = (0f, 0f);
        while (cursor.MoveNext())
        {
            labelGetter(ref label);
            scoreGetter(ref score);
            if (!float.IsNaN(label) && !float.IsNaN(score))
                counts.Add(label, score);
        }
        return new RegressionMetrics(counts);
    }
}
