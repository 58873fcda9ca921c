using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using Microsoft.ML.Trainers;

namespace Pipelines;

/// <summary>Whether a comment is toxic, from its words; judged by cross-validation.</summary>
internal static class Comments
{
    public static Comparison Compare()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.CreateTextLoader(new TextLoader.Options
        {
            HasHeader = true,
            Columns = [new("Label", DataKind.Boolean, 0), new("Text", DataKind.String, 1)],
        }).Load(Path.Combine(AppContext.BaseDirectory, "detox.tsv"));
        double Run(IEstimator<ITransformer> trainer) =>
            ml.BinaryClassification.CrossValidate(data, ml.Transforms.Text.FeaturizeText("Features", "Text").Append(trainer), numberOfFolds: 5)
                .Average(fold => fold.Metrics.AreaUnderRocCurve);
        return Comparison.Of("toxic comments, AUC of 5 folds", "SDCA", bar: 0.80,
            () => Run(ml.BinaryClassification.Trainers.SdcaLogisticRegression(new SdcaLogisticRegressionBinaryTrainer.Options { NumberOfThreads = 1 })),
            () => Run(ml.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options { Threads = 1 })));
    }
}
