using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using Microsoft.ML.Trainers;

namespace Pipelines;

/// <summary>The area that an issue of a repository belongs to, one of 22, from title and description; judged on a fifth of the issues.</summary>
internal static class Issues
{
    public static Comparison Compare()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.CreateTextLoader(new TextLoader.Options
        {
            HasHeader = true,
            Columns = [new("Area", DataKind.String, 1), new("Title", DataKind.String, 2), new("Description", DataKind.String, 3)],
        }).Load(Path.Combine(AppContext.BaseDirectory, "issues.tsv"));
        var split = ml.Data.TrainTestSplit(data, testFraction: 0.2);
        double Run(IEstimator<ITransformer> trainer)
        {
            var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Area")
                .Append(ml.Transforms.Text.FeaturizeText("TitleWords", "Title"))
                .Append(ml.Transforms.Text.FeaturizeText("DescriptionWords", "Description"))
                .Append(ml.Transforms.Concatenate("Features", "TitleWords", "DescriptionWords"))
                .AppendCacheCheckpoint(ml)
                .Append(trainer);
            return ml.MulticlassClassification.Evaluate(pipeline.Fit(split.TrainSet).Transform(split.TestSet)).MicroAccuracy;
        }
        return Comparison.Of("areas of issues, accuracy", "SDCA", bar: 0.69,
            () => Run(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1 })),
            () => Run(ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Threads = 1 })));
    }
}
