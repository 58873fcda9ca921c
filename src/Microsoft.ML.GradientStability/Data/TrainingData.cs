using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What one fit trains on. Data is read once: into memory as far as it fits the budget, and only measured beyond; then it is dealt
/// out from memory, or streamed. Both split and order rows alike.
/// </summary>
internal sealed class TrainingData
{
    private readonly IDataView _data;
    private readonly BoundColumns _columns;
    private readonly Func<long, bool> _trains;
    private readonly Func<long, bool> _judges;
    private readonly CachedRows? _cached;
    private readonly long _memoryBudget;
    private readonly long _rows;
    private readonly Cancellation _cancellation;

    private TrainingData(IDataView data, BoundColumns columns, Func<long, bool> trains, Func<long, bool> judges, CachedRows? cached, long memoryBudget, long rows,
        RowStatistics statistics, RowStatistics heldOutStatistics, Cancellation cancellation)
    {
        (_data, _columns, _trains, _judges) = (data, columns, trains, judges);
        (_cached, _memoryBudget, _rows, _cancellation) = (cached, memoryBudget, rows, cancellation);
        (Statistics, HeldOutStatistics) = (statistics, heldOutStatistics);
    }

    /// <summary>Of the rows that train.</summary>
    public RowStatistics Statistics { get; }

    /// <summary>Of the rows that were held out.</summary>
    public RowStatistics HeldOutStatistics { get; }

    public int Width => _columns.Width;

    public long HeldOut => HeldOutStatistics.Count;

    /// <summary>Whether the rows do not fit the memory budget.</summary>
    public bool Streams => _cached is null;

    /// <param name="data">The rows.</param>
    /// <param name="columns">Features, labels and weights in it.</param>
    /// <param name="heldOut">The rows that do not train.</param>
    /// <param name="memoryBudget">Bytes.</param>
    /// <param name="cancellation">Looked at from row to row, here and in what is dealt out.</param>
    /// <param name="check">Is shown the rows that train; <see langword="null"/> where nothing is to be held against them.</param>
    /// <exception cref="InvalidOperationException">There are no rows, or one that no network can learn from.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static TrainingData Read(IDataView data, BoundColumns columns, HeldOutRows heldOut, long memoryBudget, Cancellation cancellation,
        HeldOutCheck? check = null)
    {
        var (statistics, heldOutStatistics) = (RowStatistics.Of(columns), RowStatistics.Of(columns));
        var cached = CachedRows.Of(columns, columns.Weight is not null);
        using var reader = new RowReader(data, columns);
        while (reader.MoveNext())
        {
            cancellation.ThrowIfCancelled();
            ref readonly var features = ref reader.Read();
            (heldOut.Contains(reader.Index) ? heldOutStatistics : statistics).Add(features, reader.Targets, HasClasses(columns), reader.Weight);
            check?.Add(features, reader.Target);
            cached?.Add(reader.Stored(in features), reader.Target, reader.Weight);
            if (cached is not null && !cached.Fit(memoryBudget))
            {
                // What was kept is as large as the pool to come, and would stay on the large-object heap beside it.
                cached = null;
                GC.Collect();
            }
        }
        if (reader.Row == 0)
            throw new InvalidOperationException($"{columns.Where}The data has 0 rows. Check the source of the data and the filters before the trainer.");
        if (reader.Index < 0)
            throw new InvalidOperationException($"{columns.Where}All weights in column '{columns.Weight!.Value.Name}' are 0. At least one row must count.");
        if (statistics.Count == 0)
            throw new InvalidOperationException($"All {reader.Index + 1} rows were held out for validation. Lower ValidationFraction, or pass a ValidationSet.");
        return new TrainingData(data, columns, row => !heldOut.Contains(row), heldOut.Contains, cached, memoryBudget, reader.Index + 1, statistics, heldOutStatistics, cancellation);
    }

    /// <summary>
    /// The rows that train, some of them held out instead, and no others; <see langword="null"/> where rows stream, or none would be left on one side.
    /// </summary>
    /// <param name="heldOut">The rows that judge.</param>
    public TrainingData? HoldOut(HeldOutRows heldOut)
    {
        if (_cached is null)
            return null;
        var (statistics, heldOutStatistics) = (RowStatistics.Of(_columns), RowStatistics.Of(_columns));
        using var reader = new RowReader(_data, _columns);
        while (reader.MoveNext())
        {
            _cancellation.ThrowIfCancelled();
            ref readonly var features = ref reader.Read();
            if (_trains(reader.Index))
                (heldOut.Contains(reader.Index) ? heldOutStatistics : statistics).Add(features, reader.Targets, HasClasses(_columns), reader.Weight);
        }
        return statistics.Count == 0 || heldOutStatistics.Count == 0 ? null
            : new TrainingData(_data, _columns, row => _trains(row) && !heldOut.Contains(row), row => _trains(row) && heldOut.Contains(row), _cached, _memoryBudget, _rows,
                statistics, heldOutStatistics, _cancellation);
    }

    /// <summary>The rows that train.</summary>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="epochs">How often they will be dealt out.</param>
    /// <param name="targetType">The type of the targets in a batch.</param>
    /// <param name="sparse">Whether the features of a batch are a sparse tensor.</param>
    public BatchSource Training(int batchSize, int epochs, ScalarType targetType, bool sparse = false) =>
        Batches(_trains, Statistics, batchSize, epochs, targetType, sparse);

    /// <summary>The rows that were held out, in the same way.</summary>
    public BatchSource Validation(int batchSize, int epochs, ScalarType targetType, bool sparse = false) =>
        Batches(_judges, HeldOutStatistics, batchSize, epochs, targetType, sparse);

    private BatchSource Batches(Func<long, bool> takes, RowStatistics statistics, int batchSize, int epochs, ScalarType targetType, bool sparse)
    {
        var rows = statistics.Count;
        if (_cached is null)
            return new StreamedBatches(_data, _columns, takes, rows, batchSize, PoolSize.Of(rows, batchSize, _memoryBudget / 2, Statistics), targetType,
                _cancellation, epochs, statistics.WeightScale, sparse);
        var members = new long[rows];
        var next = 0;
        for (var row = 0L; row < _rows; row++)
            if (takes(row))
                members[next++] = row;
        return new CachedBatches(_cached, members, batchSize, targetType, statistics.WeightScale, sparse);
    }

    private static bool HasClasses(BoundColumns columns) => columns.Labels is KeyLabelReader or BooleanLabelReader or KeyStepLabelReader;
}
