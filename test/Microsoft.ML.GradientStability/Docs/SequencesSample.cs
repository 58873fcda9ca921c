namespace Microsoft.ML.GradientStability.Tests.Docs;

/// <summary>The code of docs/sequences-and-images.md, between the marks to the letter; compiled and run by <see cref="PageTests"/>.</summary>
internal static class SequencesSample
{
    public static ITransformer Run(MLContext mlContext, IDataView data)
    {
        // <sample>
        // Text is a vector of words, empty where a row has fewer; its keys are the tokens of the network.
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Features", "Text")
            .Append(mlContext.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options
            {
                Network = Network.Recurrent(RecurrentCell.Lstm(), hidden: 16, bidirectional: true) with { EmbeddingWidth = 8 },
                Optimizer = Optimizer.Adam(0.01),
            }));
        var model = pipeline.Fit(data);
        // </sample>
        return model;
    }

    public static ITransformer Join(MLContext mlContext, IDataView data)
    {
        // <columns>
        // Words are tokens, read by the network; Number and Sort stand beside what it read, in a dense layer of 32.
        var joined = mlContext.Transforms.Conversion.MapValueToKey("Words")
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Sort"))
            .Append(mlContext.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options
            {
                FeatureColumnName = "Words", ExtraFeatureColumns = ["Number", "Sort"],
                Network = Network.Recurrent(RecurrentCell.Gru, hidden: 8) with { EmbeddingWidth = 8, HeadUnits = [32] },
                Optimizer = Optimizer.Adam(0.01),
            }));
        // </columns>
        return joined.Fit(data);
    }

    public static ITransformer Tag(MLContext mlContext, IDataView data)
    {
        // <tags>
        // Words and kinds are vectors of as many texts, in every row as many as its sentence has.
        var tagger = mlContext.Transforms.Conversion.MapValueToKey("Features", "Words")
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label", "Kinds"))
            .Append(mlContext.MulticlassClassification.Trainers.DeepSequence(new DeepSequenceMulticlassTrainer.Options
            {
                Network = Network.Recurrent(RecurrentCell.Gru, hidden: 16, bidirectional: true) with { EmbeddingWidth = 8 },
                Optimizer = Optimizer.Adam(0.02), Epochs = 20,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        // </tags>
        return tagger.Fit(data);
    }

    public static DeepNetworkTransformer Turn(MLContext mlContext, IDataView data)
    {
        // <forcing>
        // A parity turns where a noisy number is above 0: each follows from the number and the one before.
        var pipeline = mlContext.MulticlassClassification.Trainers.DeepSequence(new DeepSequenceMulticlassTrainer.Options
        {
            Network = Network.Recurrent(RecurrentCell.Gru, hidden: 12) with { TeacherForcing = true },
            Optimizer = Optimizer.Adam(0.01), Epochs = 10, BatchSize = 20,
        });
        // </forcing>
        return pipeline.Fit(data);
    }
}
