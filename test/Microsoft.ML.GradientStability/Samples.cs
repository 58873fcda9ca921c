using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests;

/// <summary>Small data for tests.</summary>
internal static class Samples
{
    public sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    public sealed class Digit
    {
        [LoadColumn(0, 63), VectorType(64)]
        public float[] Pixels { get; set; } = [];

        [LoadColumn(64)]
        public string Label { get; set; } = "";
    }

    /// <summary>Three noisy clusters that any network tells apart.</summary>
    public static Row[] Clusters(int rows = 150, int seed = 7)
    {
        var random = new Random(seed);
        string[] names = ["red", "green", "blue"];
        (float X, float Y)[] centres = [(0, 2), (2, -1), (-2, -1)];
        return [.. Enumerable.Range(0, rows).Select(i => new Row
        {
            Features = [centres[i % 3].X + Noise(), centres[i % 3].Y + Noise()],
            Label = names[i % 3],
        })];

        float Noise() => (float)(random.NextDouble() - 0.5);
    }

    public static IDataView KeyedClusters(MLContext ml, int rows = 150)
    {
        var data = ml.Data.LoadFromEnumerable(Clusters(rows));
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    /// <summary>The handwritten digits, pixels scaled to [0, 1], the label a key; see docs/samples/data.</summary>
    public static IDataView KeyedDigits(MLContext ml)
    {
        var data = ml.Data.LoadFromTextFile<Digit>(Path.Combine(AppContext.BaseDirectory, "digits.csv"), separatorChar: ',', hasHeader: true);
        return ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.NormalizeMinMax("Features", nameof(Digit.Pixels))).Fit(data).Transform(data);
    }

    /// <summary>A network and options that fit the clusters in a blink.</summary>
    public static DeepNetworkMulticlassTrainer.Options Small() => new()
    {
        Network = Network.FeedForward(8, 8),
        Optimizer = Optimizer.Adam(),
        Schedule = LearningRateSchedule.Constant,
        LabelSmoothing = 0.1,
        Epochs = 10,
        BatchSize = 16,
        Seed = 28,
    };

    /// <summary>Random rows of classes for tests below the data view.</summary>
    public static Rows RandomRows(int rows, int width, int classes, int seed = 11)
    {
        var random = new Random(seed);
        var features = new float[rows * width];
        for (var i = 0; i < features.Length; i++)
            features[i] = (float)(2 * random.NextDouble() - 1);
        return new Rows(features, [.. Enumerable.Range(0, rows).Select(r => (long)(r % classes))], width, classes);
    }

    /// <summary>Rows of features, row-major, with their classes.</summary>
    public sealed record Rows(float[] Features, long[] Labels, int Width, int Classes)
    {
        public int Count => Labels.Length;

        public SupervisedObjective Objective => new MulticlassObjective(new UnnamedClassLabels(Classes), 0, null);

        public long[] Numbers => [.. Enumerable.Range(0, Count).Select(r => (long)r)];

        public BatchSource Batches(int batchSize)
        {
            var cached = new CachedRows(Width, weighted: false);
            for (var row = 0; row < Count; row++)
                cached.Add(Features.AsSpan(row * Width, Width), Labels[row], 1);
            return new CachedBatches(cached, Numbers, batchSize, Objective.TargetType);
        }
    }
}
