using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.GradientStability.Serving.Tests;

/// <summary>Small models whose answers can be told without them.</summary>
internal static class TestModels
{
    /// <summary>As the exporter writes a classifier: <c>Score</c> is the softmax of the first three features times a factor, <c>PredictedLabel</c> the greatest.</summary>
    public static OnnxFile Classifier(int features = 4, float factor = 1)
    {
        var weights = new float[features * 3];
        for (var i = 0; i < Math.Min(3, features); i++)
            weights[i * 3 + i] = factor;
        return new OnnxFile()
            .Input("Features", TensorElementType.Float, -1, features)
            .Constant("weights", weights, features, 3)
            .Node("MatMul", "Features weights", "logits")
            .Node("Softmax", "logits", "Score", ("axis", 1L))
            .Node("ArgMax", "Score", "PredictedLabel", ("axis", 1L), ("keepdims", 1L))
            .Output("Score", TensorElementType.Float, -1, 3)
            .Output("PredictedLabel", TensorElementType.Int64, -1, 1)
            .Metadata("task", "multiclass classification")
            .Metadata("classes", """["red","green","blue"]""");
    }

    /// <summary>The softmax, computed apart.</summary>
    public static float[] Softmax(ReadOnlySpan<float> features, float factor = 1)
    {
        var greatest = Math.Max(features[0], Math.Max(features[1], features[2])) * factor;
        var exponents = features[..3].ToArray().Select(value => Math.Exp(value * factor - greatest)).ToArray();
        return [.. exponents.Select(value => (float)(value / exponents.Sum()))];
    }

    /// <summary>An input of every type; <c>Score</c> is the sum of the numbers, <c>PredictedLabel</c> the text, <c>Echo…</c> each number as it came.</summary>
    public static OnnxFile Mixed()
    {
        var file = new OnnxFile().Input("City", TensorElementType.String, -1, 1);
        (string Name, TensorElementType Type)[] numbers =
        [
            ("Single", TensorElementType.Float), ("Double", TensorElementType.Double), ("Int32", TensorElementType.Int32),
            ("Int64", TensorElementType.Int64), ("Key", TensorElementType.UInt32), ("Boolean", TensorElementType.Bool),
        ];
        foreach (var (name, type) in numbers)
            file.Input(name, type, -1, 1)
                .Node("Cast", name, $"{name}AsSingle", ("to", (long)TensorElementType.Float))
                .Node("Identity", name, $"Echo{name}")
                .Output($"Echo{name}", type, -1, 1);
        return file
            .Node("Sum", string.Join(' ', numbers.Select(n => $"{n.Name}AsSingle")), "Score")
            .Node("Identity", "City", "PredictedLabel")
            .Output("Score", TensorElementType.Float, -1, 1)
            .Output("PredictedLabel", TensorElementType.String, -1, 1);
    }

    /// <summary><c>Score</c> is the value of a table of four at the key; another key makes the run fail.</summary>
    public static OnnxFile Table() => new OnnxFile()
        .Input("Key", TensorElementType.Int64, -1, 1)
        .Constant("table", [10f, 11, 12, 13], 4)
        .Node("Gather", "table Key", "Score", ("axis", 0L))
        .Output("Score", TensorElementType.Float, -1, 1);

    /// <summary>A plain network as wide as a real one; its answers are noise, and its weights follow from the seed.</summary>
    public static OnnxFile Network(int features, int width, int layers, int seed = 1)
    {
        var random = new Random(seed);
        var file = new OnnxFile().Input("Features", TensorElementType.Float, -1, features);
        var (last, inputs) = ("Features", features);
        for (var layer = 0; layer < layers; layer++, inputs = width)
        {
            file.Constant($"w{layer}", Noise(inputs * width, inputs), inputs, width).Constant($"b{layer}", Noise(width, width), width)
                .Node("Gemm", $"{last} w{layer} b{layer}", $"linear{layer}").Node("Relu", $"linear{layer}", last = $"relu{layer}");
        }
        return file.Constant("w", Noise(width * 3, width), width, 3).Node("MatMul", $"{last} w", "logits").Node("Softmax", "logits", "Score", ("axis", 1L))
            .Node("ArgMax", "Score", "PredictedLabel", ("axis", 1L), ("keepdims", 1L))
            .Output("Score", TensorElementType.Float, -1, 3).Output("PredictedLabel", TensorElementType.Int64, -1, 1)
            .Metadata("classes", """["red","green","blue"]""");

        float[] Noise(int count, int scale) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * 4 / Math.Sqrt(scale)))];
    }
}
