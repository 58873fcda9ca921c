using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Docs;

/// <summary>The code of the pages in docs/guides, between the marks to the letter; run by <see cref="PageTests"/>.</summary>
internal static class GuideSample
{
    public static void LossIsNaN(MLContext mlContext, DeepNetworkMulticlassTrainer.Options options, IDataView train)
    {
        // <nan>
        try
        {
            mlContext.MulticlassClassification.Trainers.DeepNetwork(options).Fit(train);
        }
        catch (GradientStabilityException e)
        {
            var finding = e.Findings[^1];
            Console.WriteLine(finding);                     // what, where, by which numbers, why, and what to set
            finding.Remedies[0].ApplyTo(options);           // the most effective first
        }
        // </nan>
    }

    public static void Inspect(MLContext mlContext, DeepNetworkMulticlassTrainer.Options options, IDataView train)
    {
        // <inspect>
        var inspection = mlContext.MulticlassClassification.Trainers.DeepNetwork(options).Inspect(train);
        Console.WriteLine(inspection);
        // </inspect>
    }

    public static void DoesNotLearn(MLContext mlContext, DeepNetworkMulticlassTrainer.Options options, IDataView train)
    {
        // <findings>
        options.ValidationFraction = 0.2;
        var model = mlContext.MulticlassClassification.Trainers.DeepNetwork(options).Fit(train);
        Console.WriteLine(model.Model.Summary);
        foreach (var finding in model.Model.Summary.Findings)
            Console.WriteLine(finding.Headline);
        // </findings>
        model.Dispose();
    }

    public static void DoesNotFit(MLContext mlContext)
    {
        // <stream>
        var rows = mlContext.Data.LoadFromTextFile("rows.csv",
            [new("Features", DataKind.Single, 0, 1), new("Label", DataKind.Single, 2)], separatorChar: ',');
        var model = mlContext.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options
        {
            MemoryBudget = 256 << 20,                       // 256 MiB for rows
            ValidationFraction = 0.1,
        }).Fit(rows);
        // </stream>
        model.Dispose();
    }

    public static DeepNetworkMulticlassTrainer.Options FromKeras()
    {
        // <keras>
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward(64, 64) with { Activation = Activation.Relu, Dropout = 0.2 },
            Initializer = Initializer.XavierUniform,                    // glorot_uniform
            Optimizer = Optimizer.Adam(learningRate: 1e-3),
            Clipping = GradientClipper.Norm(1.0),                       // global_clipnorm=1.0
            Schedule = LearningRateSchedule.Constant,
            BatchSize = 32,
            Epochs = 20,
            ValidationFraction = 0.2,                                   // validation_split=0.2
            EarlyStopping = EarlyStopping.After(3),                     // EarlyStopping(patience=3, restore_best_weights=True)
        };
        // </keras>
        return options;
    }

    public static string Describe(DeepNetworkMulticlassTrainer.Options options)
    {
        // <describe>
        Console.WriteLine(options.Describe());
        // </describe>
        return options.Describe();
    }

    public static void CrossValidate(MLContext mlContext, DeepNetworkMulticlassTrainer.Options options, IDataView data)
    {
        // <folds>
        options.Progress = new Progress<TrainingProgress>(progress => Console.WriteLine(progress));     // fold 2 of 5  epoch  7/30 …
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(mlContext.MulticlassClassification.Trainers.DeepNetwork(options));
        var folds = mlContext.MulticlassClassification.CrossValidate(data, pipeline);
        Console.WriteLine(folds.Average(fold => fold.Metrics.MicroAccuracy));
        // </folds>
    }
}
