using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability;

/// <summary>The values of a column in some rows, batch × width, as a tensor has them.</summary>
internal abstract class ColumnValues
{
    /// <summary>NaN and infinities by their names.</summary>
    private protected static JsonSerializerOptions Json { get; } = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Of a column of data.</summary>
    /// <param name="row">A cursor, from which the values are read.</param>
    /// <param name="column">A column that is active there.</param>
    /// <param name="rows">How many rows are kept.</param>
    /// <param name="asIndex">Whether a key is the index of a class, Int64 from 0, −1 where it is missing, as the file of a network has it.</param>
    /// <exception cref="NotSupportedException">The column has no form as a tensor.</exception>
    public static ColumnValues Create(DataViewRow row, DataViewSchema.Column column, int rows, bool asIndex)
    {
        var type = ColumnTypes.ItemType(column.Type);
        if (ColumnTypes.IsFree(column))
            return type == typeof(ReadOnlyMemory<char>) ? new FreeColumnValues<ReadOnlyMemory<char>, string>(row, column, rows, "", text => text.ToString())
                : (ColumnValues)typeof(ColumnValues).GetMethod(nameof(Free), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, [row, column, rows])!;
        var (_, width) = ColumnTypes.Of(column);
        if (asIndex)
            return new ColumnValues<uint, long>(row, column, rows, width, key => (long)key - 1);
        if (type == typeof(ReadOnlyMemory<char>))
            return new ColumnValues<ReadOnlyMemory<char>, string>(row, column, rows, width, text => text.ToString());
        return (ColumnValues)typeof(ColumnValues).GetMethod(nameof(Unchanged), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, [row, column, rows, width])!;
    }

    /// <summary>Reads the row at which the cursor stands.</summary>
    /// <param name="at">The place for it.</param>
    public abstract void Read(int at);

    /// <summary>The first rows, as an input.</summary>
    public abstract NamedOnnxValue ToInput(string name, int rows);

    /// <summary>Holds what a file gives against the rows that were read.</summary>
    /// <param name="got">An output of as many rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="before">Rows that were compared before.</param>
    /// <param name="compared">Where differences are noted.</param>
    /// <exception cref="NotSupportedException">The output has another form.</exception>
    public abstract void Compare(NamedOnnxValue got, int rows, long before, ComparedOutput compared);

    /// <summary>A row that was read, as JSON: a value, or an array of them.</summary>
    public abstract JsonNode ToJson(int at);

    /// <summary>The same of what a file gives.</summary>
    public abstract JsonNode ToJson(NamedOnnxValue got, int at);

    private static FreeColumnValues<T, T> Free<T>(DataViewRow row, DataViewSchema.Column column, int rows) =>
        new(row, column, rows, typeof(T) == typeof(float) ? (T)(object)float.NaN : typeof(T) == typeof(double) ? (T)(object)double.NaN : default!, value => value);

    private static ColumnValues<T, T> Unchanged<T>(DataViewRow row, DataViewSchema.Column column, int rows, int width) => new(row, column, rows, width, value => value);
}
