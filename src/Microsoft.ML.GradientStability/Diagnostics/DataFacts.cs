using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What the first rows show of the data: whether features vary, in what scale the first layer gets them, whether a few rows lie far from
/// the rest. Judged by at most <see cref="MostRows"/> rows and <see cref="MostFeatures"/> features, evenly chosen.
/// </summary>
internal sealed class DataFacts
{
    private const int MostRows = 1024;
    private const int MostFeatures = 256;

    /// <summary>Numbers that are held for it, where rows are wide.</summary>
    private const int MostNumbers = 1 << 22;

    /// <summary>Rows that may lie anywhere without being the rule.</summary>
    private const double Trimmed = 0.02;

    /// <summary>Times the deviation of the other rows that a few rows make of it: beyond, they hide the rest.</summary>
    private const double Hidden = 20;

    /// <summary>Features beyond this magnitude count as unscaled.</summary>
    private const double Large = 100;

    /// <summary>Below this spread too.</summary>
    private const double Small = 0.01;

    /// <summary>As do those whose offset is so many times their spread.</summary>
    private const double Offset = 20;

    private DataFacts() { }

    /// <summary>Facts of data without fault, of which only the greatest magnitude is known.</summary>
    public static DataFacts Sane(double greatestFeature) =>
        new() { Features = 1, Varying = 1, Greatest = greatestFeature, Spread = 1, RowsOfClass = [] };

    /// <summary>Training rows in all.</summary>
    public long Rows { get; private init; }

    public int Features { get; private init; }

    /// <summary>Features that are not the same in all training rows.</summary>
    public int Varying { get; private init; }

    /// <summary>max |x| over all rows, as they come.</summary>
    public double Greatest { get; private init; }

    /// <summary>Median over the features that vary of the standard deviation, as the first layer gets them.</summary>
    public double Spread { get; private init; }

    /// <summary>Median over the same of |mean|/deviation.</summary>
    public double OffsetRatio { get; private init; }

    /// <summary>Upper quartile over the same of what a few rows make of the deviation: with them over without.</summary>
    public double Inflation { get; private init; } = 1;

    /// <summary>The same of the targets, where they are numbers.</summary>
    public double TargetInflation { get; private init; } = 1;

    /// <summary>Training rows of each class by its index; empty where there are none.</summary>
    public IReadOnlyList<long> RowsOfClass { get; private init; } = [];

    public bool HasOutliers => Inflation > Hidden;

    public bool HasTargetOutliers => TargetInflation > Hidden;

    public bool IsLarge => Greatest > Large && Spread > 3 || Spread > Large / 3;

    public bool IsSmall => Spread is > 0 and < Small;

    public bool IsOffset => OffsetRatio > Offset;

    /// <summary>Reads the first rows; the batches start anew afterwards.</summary>
    public static DataFacts Read(BatchSource rows, NetworkModule module, RowStatistics statistics, bool hasClasses)
    {
        var count = 0;
        var (raw, scaled, targets) = (new List<float>(), new List<float>(), new List<double>());
        rows.Begin(shuffle: null);
        using (no_grad())
            while (count < Math.Min(MostRows, 1 + MostNumbers / statistics.Width))
            {
                using var scope = NewDisposeScope();
                if (!rows.Next(out var batch))
                    break;
                raw.AddRange(batch.Features.data<float>().ToArray());
                scaled.AddRange(module.Scale(batch.Features).data<float>().ToArray());
                targets.AddRange(batch.Targets.to(ScalarType.Float64).data<double>().ToArray().Where(target => !double.IsNaN(target)));
                count += (int)batch.Targets.shape[0];
            }
        // Keys have no scale.
        var (width, keys) = (statistics.Width, module.Before > 0 ? module.Before - module.Numbers : module.Features - module.Numbers);
        var numbers = width - keys;
        var (spreads, offsets, inflations) = (new List<double>(), new List<double>(), new List<double>());
        for (var chosen = 0; chosen < Math.Min(numbers, MostFeatures); chosen++)
        {
            var number = (int)((long)chosen * numbers / Math.Min(numbers, MostFeatures));
            var feature = number < module.Numbers ? number : number + keys;
            var (mean, deviation, inflation) = Moments(Column(raw, feature));
            if (!(deviation > 1e-6 * Math.Abs(mean)))
                continue;
            inflations.Add(inflation);
            (mean, deviation, _) = Moments(Column(scaled, feature));
            spreads.Add(deviation);
            offsets.Add(deviation > 0 ? Math.Abs(mean) / deviation : 0);
        }
        return new DataFacts
        {
            Rows = statistics.Count,
            Features = width,
            Varying = width - statistics.Constant.Count(),
            Greatest = module.ScalesInput ? 10 : statistics.GreatestFeature,
            Spread = Quantile(spreads, 0.5),
            OffsetRatio = Quantile(offsets, 0.5),
            Inflation = Math.Max(1, Quantile(inflations, 0.75)),
            TargetInflation = hasClasses ? 1 : Moments([.. targets]).Inflation,
            RowsOfClass = hasClasses ? [.. Enumerable.Range(0, (int)statistics.RowsOfTarget.Keys.Max() + 1).Select(c => statistics.RowsOfTarget.GetValueOrDefault(c))] : [],
        };

        double[] Column(List<float> values, int feature)
        {
            var column = new double[count];
            var span = CollectionsMarshal.AsSpan(values);
            for (var row = 0; row < count; row++)
                column[row] = span[row * width + feature];
            return column;
        }
    }

    /// <summary>Mean, deviation, and that over the deviation without the rows farthest from the median; 1 where these do not vary.</summary>
    private static (double Mean, double Deviation, double Inflation) Moments(double[] values)
    {
        var (mean, deviation) = Deviation(values);
        Array.Sort(values);
        var median = values[values.Length / 2];
        var kept = values.OrderBy(value => Math.Abs(value - median)).Take(values.Length - Math.Max(1, (int)(Trimmed * values.Length))).ToArray();
        var core = kept.Length < 10 ? 0 : Deviation(kept).Deviation;
        return (mean, deviation, core > 0 ? deviation / core : 1);
    }

    private static (double Mean, double Deviation) Deviation(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length));
    }

    private static double Quantile(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? 0 : values[(int)(share * (values.Count - 1))];
    }
}
