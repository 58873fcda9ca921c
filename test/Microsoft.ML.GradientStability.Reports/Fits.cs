namespace Microsoft.ML.GradientStability.Tests.Reports;

/// <summary>Small fits of three clusters.</summary>
internal static class Fits
{
    private sealed class Row
    {
        [Data.VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    public static IDataView Clusters(MLContext ml)
    {
        var random = new Random(7);
        (string Name, float X, float Y)[] centres = [("<red>", 0, 2), ("green", 2, -1), ("blue", -2, -1)];
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 150).Select(i => new Row
        {
            Features = [centres[i % 3].X + random.NextSingle(), centres[i % 3].Y + random.NextSingle()], Label = centres[i % 3].Name,
        }).ToArray());
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    /// <summary>A fit that learns, with rows held out.</summary>
    public static DeepNetworkMulticlassTrainer.Options Healthy(params Report[] reports) => new()
    {
        Network = Network.FeedForward(8, 8), BatchSize = 16, Epochs = 10, Seed = 3, ValidationFraction = 0.2, Reports = reports,
    };

    /// <summary>Twenty layers whose gradient vanishes, so that training is stopped.</summary>
    public static DeepNetworkMulticlassTrainer.Options Vanishing(params Report[] reports) => new()
    {
        Network = Network.FeedForward([.. Enumerable.Repeat(8, 20)]) with { Normalization = Normalization.None }, Initializer = Initializer.Default,
        Clipping = GradientClipper.None, Optimizer = Optimizer.Sgd(0.01), BatchSize = 16, Epochs = 10, Seed = 3, Reports = reports,
    };

    public static DeepNetworkTransformer Run(DeepNetworkMulticlassTrainer.Options options)
    {
        var ml = new MLContext(seed: 1);
        return ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Clusters(ml));
    }

    /// <summary>A file in a folder of its own.</summary>
    public static string File(string name) => Path.Combine(Directory.CreateTempSubdirectory("report-").FullName, name);
}
