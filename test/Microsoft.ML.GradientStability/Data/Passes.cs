using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Data;

/// <summary>Rows that are made anew by every pass over them, numbered from 1, so that a pass can differ from the one before.</summary>
internal sealed class Passes(Func<int, IEnumerable<Passes.Row>> rows) : IEnumerable<Passes.Row>
{
    private int _passes;

    /// <summary>62 features: 2100 rows take more than a budget of 1 MiB.</summary>
    public sealed class Row
    {
        public const int Width = 62;

        [VectorType(Width)]
        public float[] Features { get; set; } = [];

        public bool Yes { get; set; }

        [KeyType(3)]
        public uint Class { get; set; }

        public float Number { get; set; }

        public float Weight { get; set; } = 1;
    }

    public const int Many = 2100;

    /// <summary>Rows whose first feature, times 4096, is their number from 0.</summary>
    public static IEnumerable<Row> Numbered(int count = Many) => Enumerable.Range(0, count).Select(i =>
    {
        var features = new float[Row.Width];
        for (var c = 0; c < Row.Width; c++)
            features[c] = (float)Math.Sin(i * (c + 1));
        features[0] = i / 4096f;
        return new Row { Features = features, Yes = i % 3 == 0, Class = (uint)i % 3, Number = i, Weight = 1 + i % 4 };
    });

    public IEnumerator<Row> GetEnumerator() => rows(++_passes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
