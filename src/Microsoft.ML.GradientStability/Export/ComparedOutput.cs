using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>What was seen of an output that two computations give.</summary>
internal sealed class ComparedOutput
{
    private double _sum;
    private long _values;
    private long _lastOther;

    public double Least { get; private set; } = double.PositiveInfinity;

    public double Greatest { get; private set; } = double.NegativeInfinity;

    /// <summary>The greatest difference of a number; infinite where one is NaN or infinite and the other is not the same.</summary>
    public double Difference { get; private set; }

    /// <summary>The mean of all.</summary>
    public double Mean => _values == 0 ? 0 : _sum / _values;

    /// <summary>The row of the greatest difference, from 1, and what both have there.</summary>
    public (long Number, string Expected, string Got) Row { get; private set; }

    /// <summary>The greatest magnitude; 0 where there is no number.</summary>
    public double Magnitude => HasNumbers ? Math.Max(Math.Abs(Least), Math.Abs(Greatest)) : 0;

    /// <summary>Whether there is any number, neither NaN nor infinite.</summary>
    public bool HasNumbers => Least <= Greatest;

    /// <summary>Whether it is of numbers, which may all be NaN.</summary>
    public bool SawNumbers => _values > 0;

    /// <summary>Rows in which a value that is no number differs: a label, a text, a truth.</summary>
    public long OtherRows { get; private set; }

    public void Number(long row, double expected, double got)
    {
        if (double.IsFinite(expected))
            (Least, Greatest) = (Math.Min(Least, expected), Math.Max(Greatest, expected));
        var difference = expected.Equals(got) ? 0 : double.IsFinite(expected) && double.IsFinite(got) ? Math.Abs(expected - got) : double.PositiveInfinity;
        (_sum, _values) = (_sum + difference, _values + 1);
        if (difference <= Difference)
            return;
        Difference = difference;
        Row = (row, Invariant($"{expected:G9}"), Invariant($"{got:G9}"));
    }

    public void Other(long row, string expected, string got)
    {
        if (OtherRows == 0)
            Row = (row, $"'{expected}'", $"'{got}'");
        if (row != _lastOther)
            (_lastOther, OtherRows) = (row, OtherRows + 1);
    }

    /// <summary>Whether all numbers agree within a tolerance of a spread, and all other values in all but a share of rows as great.</summary>
    public bool Holds(double tolerance, double spread, long rows) => Difference <= tolerance * spread && OtherRows <= tolerance * rows;
}
