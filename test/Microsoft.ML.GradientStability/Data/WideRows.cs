using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Data;

/// <summary>Rows of many features, of which few are not 0; labels hang on the first words. Features 0 and 1 are numbers that hardly ever are 0.</summary>
internal static class WideRows
{
    public const int Width = 1500, Words = 12;

    public sealed class Row
    {
        [VectorType(Width)]
        public VBuffer<float> Features { get; set; }

        public bool Yes { get; set; }

        [KeyType(3)]
        public uint Class { get; set; }

        public float Number { get; set; }
    }

    /// <param name="rows">How many.</param>
    /// <param name="dense">Whether they hold all their values, zeros too.</param>
    public static Row[] Of(int rows, bool dense = false)
    {
        var random = new Random(8);
        return [.. Enumerable.Range(0, rows).Select(row =>
        {
            var values = new SortedDictionary<int, float> { [0] = 5 + random.NextSingle(), [1] = row % 3 == 0 ? 0 : -2 * random.NextSingle() };
            var sum = values[0] - 5.5f;
            for (var word = 0; word < Words; word++)
            {
                var slot = 2 + (int)((Width - 2) * Math.Pow(random.NextDouble(), 3));
                values[slot] = 0.1f + random.NextSingle();
                sum += slot % 2 == 0 ? values[slot] : -values[slot];
            }
            var sparse = new VBuffer<float>(Width, values.Count, [.. values.Values], [.. values.Keys]);
            return new Row
            {
                Features = dense ? new VBuffer<float>(Width, [.. sparse.DenseValues()]) : sparse,
                Yes = sum > 0,
                Class = sum < -1 ? 0u : sum < 1 ? 1u : 2u,
                Number = 3 * sum,
            };
        })];
    }

    /// <summary>The features of rows, one behind the other.</summary>
    public static float[] Values(Row[] rows) => [.. rows.SelectMany(row => row.Features.DenseValues())];
}
