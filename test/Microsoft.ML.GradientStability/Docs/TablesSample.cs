using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Docs;

/// <summary>The code of docs/tables.md, between the marks to the letter; compiled and run by <see cref="PageTests"/>.</summary>
internal static class TablesSample
{
    public sealed class Passenger
    {
        [VectorType(2)]
        public float[] Numbers { get; set; } = [];

        public string Sex { get; set; } = "";

        public string Embarked { get; set; } = "";

        public bool Label { get; set; }
    }

    public static IReadOnlyCollection<string> Run(MLContext mlContext, IDataView data)
    {
        // <sample>
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey([new("Sex"), new("Embarked")])
            .Append(mlContext.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options
            {
                FeatureColumnName = "Numbers",
                ExtraFeatureColumns = ["Sex", "Embarked"],
            }));
        var model = pipeline.Fit(data);

        // What a column is worth: by its name, a category as a whole.
        var importance = mlContext.BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, model.JoinFeatures(data));
        // </sample>
        return [.. importance.Keys];
    }

    public sealed class House
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    public static IDataView Spread(MLContext mlContext, IDataView data)
    {
        // <spread>
        var trainer = mlContext.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options
        {
            Network = Network.FeedForward(128, 128) with { Ensemble = 8, Encoding = InputEncoding.PiecewiseLinear() },
            SpreadColumnName = "Spread",
        });
        // </spread>
        return trainer.Fit(data).Transform(data);
    }
}
