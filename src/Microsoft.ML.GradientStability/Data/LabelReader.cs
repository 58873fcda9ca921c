using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Reads a label column as the target of one task, a Single: the index of a class, 0 or 1, or the number itself.</summary>
internal abstract class LabelReader
{
    /// <summary>Checks the column's type, in data or ahead of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type does not fit the task.</exception>
    public abstract void Check(ColumnForm label);

    /// <summary>Gives the target of the current row; NaN for a missing label, infinity for one that nothing can be learnt from.</summary>
    public abstract Func<float> Open(DataViewRow row, DataViewSchema.Column label);

    /// <summary>A label of infinity, as an error names it.</summary>
    public virtual string Describe(float target) => $"the label {target}, which is no finite number,";

    private protected static Func<float> Getter<T>(DataViewRow row, DataViewSchema.Column label, Func<T, float> convert)
    {
        var getter = row.GetGetter<T>(label);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }
}
