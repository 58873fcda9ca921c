using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

internal static class RowExtensions
{
    /// <summary>The getter of a column whose type is known at run time only: a <see cref="ValueGetter{TValue}"/> of its raw type.</summary>
    public static Delegate GetGetter(this DataViewRow row, DataViewSchema.Column column) =>
        TypedCall.Of<Delegate>(row.GetGetter<int>, [column.Type.RawType], column);

    public static ValueGetter<TValue> CheckedGetter<TValue>(Delegate? getter)
    {
        Contracts.Check(getter is not null, "The column is not active.");
        return getter as ValueGetter<TValue> ?? throw Contracts.Except(
            $"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
    }
}
