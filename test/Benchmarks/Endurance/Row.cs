using Microsoft.ML.Data;

namespace Endurance;

/// <summary>Four features that decide three kinds of label.</summary>
internal sealed class Row
{
    [VectorType(4)]
    public float[] Features { get; set; } = [];

    public bool Yes { get; set; }

    [KeyType(3)]
    public uint Class { get; set; }

    public float Number { get; set; }

    public static IEnumerable<Row> Generate(int rows)
    {
        var random = new Random(1);
        for (var i = 0; i < rows; i++)
        {
            float[] x = [Draw(), Draw(), Draw(), Draw()];
            var signal = 2 * x[0] - x[1] * x[2];
            yield return new Row { Features = x, Yes = signal > 0, Class = signal < -0.5f ? 0u : signal < 0.5f ? 1u : 2u, Number = signal };
        }

        float Draw() => (float)(2 * random.NextDouble() - 1);
    }
}
