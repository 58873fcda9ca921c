using Microsoft.ML;
using Microsoft.ML.Data;

namespace Sparse;

/// <summary>Rows like texts: a hundred words each, frequent ones and many rare ones, a few of which decide.</summary>
internal static class WideRows
{
    public const int Count = 3200, NonZeros = 100;

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public bool Label { get; set; }
    }

    public static IDataView Load(MLContext ml, int width)
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, Count).Select(_ =>
        {
            var slots = new SortedSet<int>();
            while (slots.Count < NonZeros)
                slots.Add((int)(width * Math.Pow(random.NextDouble(), 3)));
            return new Row
            {
                Features = new VBuffer<float>(width, NonZeros, [.. slots.Select(_ => 1f)], [.. slots]),
                Label = slots.Count(slot => slot % 2 == 0) > NonZeros / 2,
            };
        }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }
}
