using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class BinaryClassificationCatalog
{
    public CalibratedBinaryClassificationMetrics Evaluate(
        IDataView data,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string probabilityColumnName = "Probability",
        string predictedLabelColumnName = "PredictedLabel")
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(probabilityColumnName, nameof(probabilityColumnName));
        var evaluator = CreateEvaluator(data.Schema, labelColumnName, scoreColumnName, probabilityColumnName, predictedLabelColumnName);
        return new CalibratedBinaryClassificationMetrics(evaluator.Count(data), evaluator.ClassNames);
    }

    public BinaryClassificationMetrics EvaluateNonCalibrated(
        IDataView data,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel")
    {
        Contracts.CheckValue(data, nameof(data));
        var evaluator = CreateEvaluator(data.Schema, labelColumnName, scoreColumnName, null, predictedLabelColumnName);
        return new BinaryClassificationMetrics(evaluator.Count(data), evaluator.ClassNames);
    }

    private static BinaryEvaluator CreateEvaluator(DataViewSchema schema, string labelColumnName, string scoreColumnName,
        string? probabilityColumnName, string predictedLabelColumnName)
    {
        Contracts.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        Contracts.CheckNonEmpty(scoreColumnName, nameof(scoreColumnName));
        Contracts.CheckNonEmpty(predictedLabelColumnName, nameof(predictedLabelColumnName));

        EvaluatedColumns.Find(schema, "PredictedLabel", predictedLabelColumnName);
        var label = EvaluatedColumns.Find(schema, "Label", labelColumnName);
        var score = EvaluatedColumns.Find(schema, "Score", scoreColumnName);
        return new BinaryEvaluator(label, score,
            probabilityColumnName is null ? null : EvaluatedColumns.Find(schema, "Probability", probabilityColumnName));
    }
}
