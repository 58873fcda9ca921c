using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => data.GetColumn<T>(data.Schema[columnName]);

    /// <summary>A vector may be read as an array, a text as a string. Vectors as such share one buffer.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(column.Name, nameof(column));
        var own = data.Schema[column.Index];
        Contracts.CheckParam(own.Name == column.Name && own.Type == column.Type, nameof(column),
            $"column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in {nameof(data)}");

        if (column.Type.RawType == typeof(T))
            return Values<T>(data, own);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Values<ReadOnlyMemory<char>>(data, own).Select(text => text.ToString());
        if (typeof(T).IsArray && column.Type is VectorDataViewType vector)
        {
            if (typeof(T).GetElementType() == vector.ItemType.RawType)
                return TypedCall.Of<IEnumerable<T>>(Arrays<int>, [vector.ItemType.RawType], data, own);
            if (typeof(T) == typeof(string[]) && vector.ItemType is TextDataViewType)
                return (IEnumerable<T>)Arrays<ReadOnlyMemory<char>>(data, own).Select(texts => Array.ConvertAll(texts, text => text.ToString()));
        }
        throw Contracts.ExceptParam(nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in {nameof(data)} to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column) => Values<VBuffer<T>>(data, column).Select(vector =>
    {
        var values = new T[vector.Length];
        vector.CopyTo(values);
        return values;
    });

    private static IEnumerable<T> Values<T>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<T>(cursor.Schema[column.Index]);
        T value = default!;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return value;
        }
    }
}
