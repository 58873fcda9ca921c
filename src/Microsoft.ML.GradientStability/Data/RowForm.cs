using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// How a row of features is held: wide rows as their non-zeros (a slot and a value each) where these take less memory than all values,
/// every other row as all its values. The values alone decide, not the form they come in.
/// </summary>
internal static class RowForm
{
    /// <summary>Slots from which on rows can be sparse: less costs nothing to hold and to multiply.</summary>
    public const int LeastWidth = 512;

    /// <summary>Whether a row of so many non-zeros is held as these.</summary>
    public static bool IsSparse(int width, int nonZeros) => width >= LeastWidth && 2L * nonZeros < width;

    /// <summary>The row in its form: itself, or a copy in <paramref name="copy"/>.</summary>
    public static ref readonly VBuffer<float> Of(in VBuffer<float> row, ref VBuffer<float> copy, bool canBeSparse = true)
    {
        if ((row.Length < LeastWidth || !canBeSparse) && row.IsDense)
            return ref row;
        var values = row.GetValues();
        var nonZeros = values.Length - values.Count(0);
        if (!canBeSparse || !IsSparse(row.Length, nonZeros))
        {
            if (row.IsDense)
                return ref row;
            row.CopyToDense(ref copy);
            return ref copy;
        }
        if (nonZeros == values.Length && !row.IsDense)
            return ref row;
        var editor = VBufferEditor.Create(ref copy, row.Length, nonZeros);
        var next = 0;
        foreach (var (slot, value) in row.Items())
        {
            if (value == 0)
                continue;
            (editor.Indices[next], editor.Values[next]) = (slot, value);
            next++;
        }
        copy = editor.Commit();
        return ref copy;
    }
}
