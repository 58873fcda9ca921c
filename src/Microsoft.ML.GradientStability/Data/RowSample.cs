using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Up to 4,096 rows, of all that pass by each as likely as another (reservoir sampling, Vitter 1985); fewer where rows are very wide.</summary>
internal sealed class RowSample(int width)
{
    private const int MostRows = 4096, FewRows = 16;

    /// <summary>16 MB.</summary>
    private const int MostValues = 1 << 22;

    private readonly float[][] _rows = new float[Math.Min(MostRows, MostValues / width)][];
    private readonly float[] _targets = new float[Math.Min(MostRows, MostValues / width)];
    private readonly Random _random = new(0);
    private long _seen;

    /// <param name="before">The first features of a row.</param>
    /// <param name="values">The others.</param>
    /// <param name="target">Of the row.</param>
    public void Add(ReadOnlySpan<float> before, ReadOnlySpan<float> values, float target)
    {
        if (Draw(target) is not { } place)
            return;
        before.CopyTo(place);
        values.CopyTo(place.AsSpan(before.Length));
    }

    public void Add(in VBuffer<float> row, float target)
    {
        if (Draw(target) is { } place)
            row.CopyTo(place);
    }

    /// <summary>Where the next row goes; <see langword="null"/> for nowhere.</summary>
    private float[]? Draw(float target)
    {
        var place = _seen < _rows.Length ? _seen : _random.NextInt64(_seen + 1);
        _seen++;
        if (place >= _rows.Length)
            return null;
        _targets[place] = target;
        return _rows[place] ??= new float[width];
    }

    /// <summary>The values of a feature, from the least on.</summary>
    public float[] Sorted(int feature)
    {
        var values = Values(feature);
        Array.Sort(values);
        return values;
    }

    /// <summary>The same, and the target of each value's row.</summary>
    public (float[] Values, float[] Targets) SortedWithTargets(int feature)
    {
        var values = Values(feature);
        var targets = _targets[..values.Length];
        Array.Sort(values, targets);
        return (values, targets);
    }

    /// <summary>
    /// How far the middle half of a feature's values reaches, which no outlier changes; infinity where there are too few rows to tell.
    /// </summary>
    public double MiddleHalf(int feature)
    {
        if (Math.Min(_seen, _rows.Length) < FewRows)
            return double.PositiveInfinity;
        var values = Sorted(feature);
        return (double)values[3 * values.Length / 4] - values[values.Length / 4];
    }

    private float[] Values(int feature)
    {
        var values = new float[Math.Min(_seen, _rows.Length)];
        for (var i = 0; i < values.Length; i++)
            values[i] = _rows[i][feature];
        return values;
    }
}
