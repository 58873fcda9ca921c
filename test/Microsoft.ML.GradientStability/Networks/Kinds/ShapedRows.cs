using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>Data whose rows have a shape: features in a column with dimensions, or tokens, and the class that they are of.</summary>
internal static class ShapedRows
{
    public const string Text = "Text";

    /// <summary>Rows for a network, each of the class of its first third of numbers that is greatest, or of its first token.</summary>
    public static IDataView Of(Network network, int rows = 90, int seed = 4)
    {
        var width = network.Shape!.Size;
        var features = Kinds.Rows(network, rows, seed);
        var values = Enumerable.Range(0, rows).Select(row => features[(row * width)..((row + 1) * width)]);
        return network.Shape.VariesInLength ? Load(values.Select(row => row.Where(number => !float.IsNaN(number)).ToArray())) : Load(values, width);
    }

    /// <summary>Rows of some dimensions, or, without any, of different lengths.</summary>
    public static IDataView Load(IEnumerable<float[]> rows, params int[] dimensions)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = dimensions.Length == 0 ? new VectorDataViewType(NumberDataViewType.Single) : new VectorDataViewType(NumberDataViewType.Single, dimensions);
        return new MLContext().Data.LoadFromEnumerable(rows.Select((features, row) => new Row { Features = features, Label = (uint)Class(features, row) }), schema);
    }

    /// <summary>Sentences of up to six words, and whether one of them is good; words as texts, and after <c>MapValueToKey</c> as keys.</summary>
    public static IDataView Sentences(int rows = 120, int seed = 5)
    {
        var random = new Random(seed);
        string[] words = ["the", "film", "is", "good", "bad", "long", "short"];
        return new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(_ =>
        {
            var length = random.Next(2, 7);
            string[] said = [.. Enumerable.Range(0, length).Select(_ => words[random.Next(words.Length)])];
            return new Sentence { Text = [.. said, .. Enumerable.Repeat("", 6 - length)], Label = said.Contains("good") };
        }).ToArray());
    }

    private static int Class(float[] features, int row) =>
        features.Length == 0 ? 0 : features[0] >= 1 ? ((int)features[0] - 1) % Kinds.Classes : row % Kinds.Classes == 0 ? 0 : Math.Min(Kinds.Classes - 1, Math.Max(0, (int)(1.5f * (features[^1] + 1))));

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        [KeyType(Kinds.Classes)]
        public uint Label { get; set; }
    }

    public sealed class Sentence
    {
        [VectorType(6)]
        public string[] Text { get; set; } = [];

        public bool Label { get; set; }
    }
}
