using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class MulticlassClassificationCatalog
{
    public MulticlassClassificationMetrics Evaluate(
        IDataView data,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        int topKPredictionCount = 0)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        Contracts.CheckNonEmpty(scoreColumnName, nameof(scoreColumnName));
        Contracts.CheckNonEmpty(predictedLabelColumnName, nameof(predictedLabelColumnName));
        Contracts.CheckParam(topKPredictionCount >= 0, nameof(topKPredictionCount), "Must be non-negative");

        EvaluatedColumns.Find(data.Schema, "PredictedLabel", predictedLabelColumnName);
        var label = EvaluatedColumns.Find(data.Schema, "Label", labelColumnName);
        var score = EvaluatedColumns.Find(data.Schema, "Score", scoreColumnName);
        return new MulticlassEvaluator(label, score).Evaluate(data, topKPredictionCount);
    }
}
