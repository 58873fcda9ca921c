using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using static System.FormattableString;

namespace Growth;

/// <summary>What a fit took, of processor time in microseconds and of memory in bytes.</summary>
/// <param name="Steps">Its steps.</param>
/// <param name="Step">A step of the second half of the epochs; 0 where there is one epoch.</param>
/// <param name="Fit">All of it.</param>
/// <param name="Memory">The most that the process had, beyond what it had before.</param>
internal sealed record Measurement(long Steps, double Step, double Fit, double Memory)
{
    /// <summary>Less memory than this is not told from what the process had before.</summary>
    public const double LeastMemory = 1e6;

    /// <summary>In a process of its own, whose memory is nobody else's.</summary>
    public static Measurement InAProcess(Point point)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Measurement).Assembly.Location, .. point.Arguments]) { RedirectStandardOutput = true })!;
        var numbers = process.StandardOutput.ReadToEnd().Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        process.WaitForExit();
        return new((long)numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /// <summary>In this process.</summary>
    public static Measurement Of(Point point)
    {
        var ml = new MLContext(seed: 1);
        // Everything is loaded and compiled by small fits.
        for (var fit = 0; fit < 3; fit++)
            Train(ml, new Point(2, 64, 6_400, 64, 100, 64, 3), new EpochEnds(1));
        Train(ml, new Point(1, 16, 200_000, 10, 3, 256, 1), new EpochEnds(1));
        GC.Collect();
        var ends = new EpochEnds(Math.Max(1, point.Epochs / 2));
        var before = Process.GetCurrentProcess().WorkingSet64;
        var start = EpochEnds.Now();
        using var greatest = new GreatestMemory();
        Train(ml, point, ends);
        var step = ends.Count > 1 ? (ends.Last.Time - ends.First.Time) / (ends.Last.Step - ends.First.Step) : 0;
        return new(ends.Last.Step, step, EpochEnds.Now() - start, Math.Max(LeastMemory, greatest.Stop() - before));
    }

    public override string ToString() => Invariant($"{Steps} {Step} {Fit} {Memory}");

    private static void Train(MLContext ml, Point point, EpochEnds ends)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, point.Features);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), point.Classes);
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward([.. Enumerable.Repeat(point.Width, point.Depth)]) with { Normalization = Normalization.None, Residual = Residual.Gated() },
            BatchSize = point.Batch, Epochs = point.Epochs, Threads = 1, Seed = 1, MemoryBudget = point.MemoryBudget, Progress = ends, Stability = StabilityPolicy.Warn,
        }).Fit(ml.Data.LoadFromEnumerable(Rows(point), schema));
    }

    private static IEnumerable<Row> Rows(Point point)
    {
        var random = new Random(1);
        var row = new Row { Features = new float[point.Features] };
        for (var i = 0; i < point.Rows; i++)
        {
            foreach (ref var feature in row.Features.AsSpan())
                feature = random.NextSingle() - 0.5f;
            row.Label = (uint)(i % point.Classes);
            yield return row;
        }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }
}
