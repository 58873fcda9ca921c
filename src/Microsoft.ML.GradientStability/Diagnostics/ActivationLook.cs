using System.Diagnostics;

namespace Microsoft.ML.GradientStability;

/// <summary>Measures what one hidden layer gives, at the steps that have a full look.</summary>
/// <param name="nonlinearity">Of the layer.</param>
internal sealed class ActivationLook(Nonlinearity nonlinearity) : ActivationProbe
{
    private float[] _least = [];
    private float[] _greatest = [];
    private int _rows;

    public bool IsOn { set => nonlinearity.Probe = value ? this : null; }

    public ActivationStatistics Last { get; private set; }

    /// <summary>Ticks of <see cref="Stopwatch"/> that it took so far.</summary>
    public long Ticks { get; private set; }

    public override void Read(ReadOnlySpan<float> output, int rows)
    {
        var start = Stopwatch.GetTimestamp();
        var units = output.Length / rows;
        _rows = Math.Max(_rows, rows);
        // The few rows at the end of an epoch say too little of a unit; the look before stands.
        if (rows < _rows / 2)
            return;
        if (_least.Length != units)
            (_least, _greatest) = (new float[units], new float[units]);
        Last = ActivationStatistics.Of(output, units, nonlinearity.Range, _least, _greatest);
        Ticks += Stopwatch.GetTimestamp() - start;
    }

    /// <summary>The units that gave the same for every row of the last batch, ascending.</summary>
    public int[] DeadUnits() => [.. Enumerable.Range(0, _least.Length).Where(unit => ActivationStatistics.IsDead(_least[unit], _greatest[unit]))];
}
