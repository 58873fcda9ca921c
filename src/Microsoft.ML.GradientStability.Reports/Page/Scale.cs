namespace Microsoft.ML.GradientStability;

/// <summary>Values to pixels, linear or by their logarithm, with round ticks.</summary>
internal sealed class Scale
{
    private const int MaxTicks = 6;

    private readonly double _from, _to, _start, _end;
    private readonly bool _log, _whole;

    private Scale(double from, double to, double start, double end, bool log, bool whole = false)
    {
        (_from, _to, _start, _end, _log, _whole) = (from, to, start, end, log, whole);
    }

    /// <summary>Exactly from one value to the other, of what is counted.</summary>
    public static Scale Whole(double from, double to, double start, double end) => new(from, Math.Max(to, from + 1), start, end, log: false, whole: true);

    /// <summary>
    /// Widened to round values around all that are finite; by the logarithm where it is asked for, or where they are positive and span more than a
    /// factor of 50. Twelve decades below the greatest is where a logarithmic one ends.
    /// </summary>
    public static Scale Around(IEnumerable<double> values, double start, double end, bool? log = null)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        var positive = finite.Where(value => value > 0).ToArray();
        if (log ?? (positive.Length == finite.Length && finite.Length > 0 && finite.Max() > 50 * finite.Min()))
        {
            var to = positive.Length == 0 ? 0 : Math.Ceiling(Math.Log10(positive.Max()));
            var from = positive.Length == 0 ? -1 : Math.Max(Math.Floor(Math.Log10(positive.Min())), to - 12);
            return new Scale(Math.Min(from, to - 1), to, start, end, log: true);
        }
        if (finite.Length == 0)
            return new Scale(0, 1, start, end, log: false);
        var (least, greatest) = (Math.Min(0, finite.Min()), finite.Max());
        var step = Step(greatest - least);
        return new Scale(Math.Floor(least / step) * step, Math.Max(Math.Ceiling(greatest / step - 1e-9), 1) * step, start, end, log: false);
    }

    /// <summary>Where the value stands; one out of range at the edge.</summary>
    public double At(double value) => _start + Share(value) * (_end - _start);

    /// <summary>In [0, 1] from the least value to the greatest.</summary>
    public double Share(double value) => Math.Clamp(((_log ? Math.Log10(Math.Max(value, double.Epsilon)) : value) - _from) / (_to - _from), 0, 1);

    /// <summary>Round values, and how they are written.</summary>
    public IEnumerable<(double Value, string Label)> Ticks()
    {
        var step = _log ? Math.Max(1, Math.Ceiling((_to - _from) / MaxTicks)) : Math.Max(_whole ? 1 : 0, Step(_to - _from));
        for (var i = Math.Ceiling(_from / step); i * step <= _to + 1e-9 * step; i++)
            yield return _log ? (Math.Pow(10, i * step), i * step is >= -2 and <= 3 ? Figure.Of(Math.Pow(10, i * step)) : $"1e{i * step}")
                : (i * step, Figure.Of(Math.Abs(i * step) < 1e-9 * step ? 0 : i * step));
    }

    /// <summary>1, 2 or 5 times a power of ten, about five of them in the range.</summary>
    private static double Step(double range)
    {
        var rough = Math.Max(range, 1e-12) / (MaxTicks - 1);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
