namespace Microsoft.ML.GradientStability.Tests.Docs;

/// <summary>The code of README.md, between the marks to the letter; compiled and run by <see cref="PageTests"/>.</summary>
internal static class ReadmeSample
{
    public static void Shortest(MLContext mlContext, IDataView train, IDataView test)
    {
        // <shortest>
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.DeepNetwork());
        var model = pipeline.Fit(train);
        model.SaveTo("model.zip", train.Schema);
        mlContext.Model.SaveAsOnnx(model, test, "model.onnx");
        // </shortest>
    }

    public static void Run(MLContext mlContext, IDataView train, IDataView test)
    {
        // <sample>
        var trainer = mlContext.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward(256, 256) with { Activation = Activation.Relu, Normalization = Normalization.Layer },
            Initializer = Initializer.HeUniform,
            Clipping = GradientClipper.Norm(1.0),
            Optimizer = Optimizer.Adam(learningRate: 1e-3),
            Epochs = 30,
            Progress = new Progress<TrainingProgress>(Console.WriteLine),
        });
        var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.NormalizeMinMax("Features"))
            .Append(trainer)
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(train);
        model.SaveTo("model.zip", train.Schema);
        mlContext.Model.SaveAsOnnx(model, test, "model.onnx");
        // </sample>
    }
}
