using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns that an evaluator reads.</summary>
internal static class EvaluatedColumns
{
    public static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) => schema.TryGetColumn(name, out var column)
        ? column
        : throw Contracts.ExceptParam(nameof(schema), $"{role} column '{name}' not found");

    public static void Check(bool ok, DataViewSchema.Column column, string role, string expected)
    {
        if (!ok)
            throw Contracts.ExceptSchemaMismatch("schema", role, column.Name, expected, column.Type.ToString()!);
    }

    /// <summary>A label as a number: true is 1, a key counts from 0, and a missing value is NaN.</summary>
    public static ValueGetter<float> GetLabelGetter(DataViewRow row, DataViewSchema.Column label) => label.Type switch
    {
        KeyDataViewType key => TypedCall.Of<ValueGetter<float>>(FromKey<uint>, [key.RawType], row, label, key.Count),
        BooleanDataViewType => From<bool>(row, label, value => value ? 1 : 0),
        _ when label.Type == NumberDataViewType.Double => From<double>(row, label, value => (float)value),
        _ => row.GetGetter<float>(label),
    };

    private static ValueGetter<float> FromKey<TKey>(DataViewRow row, DataViewSchema.Column label, ulong count) =>
        From<TKey>(row, label, value => KeyIndex.Of(value) is var key && key > 0 && key <= count ? key - 1 : float.NaN);

    private static ValueGetter<float> From<T>(DataViewRow row, DataViewSchema.Column label, Func<T, float> convert)
    {
        var getter = row.GetGetter<T>(label);
        T value = default!;
        return (ref float number) =>
        {
            getter(ref value);
            number = convert(value);
        };
    }
}
