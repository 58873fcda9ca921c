using Microsoft.ML;
using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests;

/// <summary>Reads columns through cursors, and passes models through their saved form.</summary>
internal static class Columns
{
    public static T[] Scalars<T>(this IDataView data, string name)
    {
        var column = data.Schema[name];
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<T>(column);
        var values = new List<T>();
        while (cursor.MoveNext())
        {
            T value = default!;
            getter(ref value);
            values.Add(value);
        }
        return [.. values];
    }

    public static VBuffer<T>[] Vectors<T>(this IDataView data, string name)
    {
        var column = data.Schema[name];
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<T>>(column);
        var values = new List<VBuffer<T>>();
        while (cursor.MoveNext())
        {
            VBuffer<T> value = default;
            getter(ref value);
            values.Add(value);
        }
        return [.. values];
    }

    public static T[][] Rows<T>(this IDataView data, string name) => [.. data.Vectors<T>(name).Select(row => row.DenseValues().ToArray())];

    public static string[] Texts(this IDataView data, string name) =>
        [.. data.Scalars<ReadOnlyMemory<char>>(name).Select(text => text.ToString())];

    public static string[] SlotNames(this IDataView data, string name)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema[name].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(slot => slot.ToString())];
    }

    public static T[] KeyValues<T>(this DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }

    public static string[] KeyTexts(this DataViewSchema.Column column) =>
        [.. column.KeyValues<ReadOnlyMemory<char>>().Select(text => text.ToString())];

    public static ITransformer SaveAndLoad(this ITransformer model, DataViewSchema inputSchema)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(model, inputSchema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out _);
    }
}
