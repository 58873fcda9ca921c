using System.Numerics;
using System.Runtime.InteropServices;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Finds what no prediction can be made from, infinity, and NaN where the model does not say that it takes it; and what is no prediction: NaN as a score.
/// </summary>
internal sealed class MissingValues
{
    private readonly RowLayout _inputs;
    private readonly bool[] _takesNaN;
    private readonly string?[] _nanAsScore;
    private readonly bool[] _isSingle;

    public MissingValues(RowLayout inputs, RowLayout outputs, IReadOnlyList<string> acceptsMissing)
    {
        _inputs = inputs;
        _takesNaN = [.. inputs.Columns.Select(column => acceptsMissing.Contains(column.Name))];
        _isSingle = [.. outputs.Columns.Select(column => column.Type == ColumnType.Single)];
        // Where there is a score, other numbers are columns that a pipeline passes on, and those may well be NaN.
        var hasScore = outputs.Columns.Any(IsScore);
        _nanAsScore = [.. outputs.Columns.Select(c => c.IsNumberWithNaN && (IsScore(c) || !hasScore) ? $"the model gives NaN as {c.Name}" : null)];
    }

    /// <summary>Null where the row is whole, otherwise what is wrong, like <c>Features[3] is NaN</c>.</summary>
    public string? Find(byte[] rows, int row)
    {
        for (var i = 0; i < _inputs.Columns.Length; i++)
        {
            var column = _inputs.Columns[i];
            if (!column.IsNumberWithNaN)
                continue;
            var bytes = _inputs.Numbers(rows, row, i);
            var (at, value) = column.Type == ColumnType.Single ? Find<float>(bytes, _takesNaN[i]) : Find<double>(bytes, _takesNaN[i]);
            if (at >= 0)
                return column.Width > 1 ? Invariant($"{column.Name}[{at}] is {value}") : Invariant($"{column.Name} is {value}");
        }
        return null;
    }

    /// <summary>Null where an output of a row is a prediction, otherwise why it is none.</summary>
    public string? FindInScore(int output, ReadOnlySpan<byte> bytes) =>
        _nanAsScore[output] is { } why && (_isSingle[output] ? HasNaN<float>(bytes) : HasNaN<double>(bytes)) ? why : null;

    private static bool HasNaN<T>(ReadOnlySpan<byte> bytes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var value in MemoryMarshal.Cast<byte, T>(bytes))
            if (T.IsNaN(value))
                return true;
        return false;
    }

    private static bool IsScore(ModelColumn output) => output.Name is "Score" or "Probability";

    private static (int At, double Value) Find<T>(ReadOnlySpan<byte> bytes, bool takesNaN) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(bytes);
        for (var i = 0; i < values.Length; i++)
            if (!T.IsFinite(values[i]) && !(takesNaN && T.IsNaN(values[i])))
                return (i, double.CreateTruncating(values[i]));
        return (-1, 0);
    }
}
