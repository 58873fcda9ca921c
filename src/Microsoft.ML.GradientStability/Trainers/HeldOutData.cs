using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>The rows that judge a fit: held out from its data, or a set of their own, which must be like it.</summary>
internal static class HeldOutData
{
    /// <summary>Rows that are judged together where a batch has fewer, and features of them all.</summary>
    private const int RowsAtOnce = 1024, NumbersAtOnce = 1 << 18;

    /// <summary>How an error about the set begins.</summary>
    private const string Where = $"{nameof(TrainingOptions.ValidationSet)}: ";

    /// <returns><see langword="null"/> where there are none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The set has other columns than the data.</exception>
    /// <exception cref="InvalidOperationException">Nothing can be judged by the rows.</exception>
    public static BatchSource? Open(DeepNetworkOptions options, InputColumns input, TrainingData data, BoundColumns columns, Objective objective, IChannel channel,
        Cancellation cancellation)
    {
        var sparse = SlotBySlot.Holds(data.Statistics, objective, options);
        var (batchSize, epochs) = (Math.Max(options.BatchSize!.Value, Math.Clamp(NumbersAtOnce / data.Width, 1, RowsAtOnce)), options.Epochs!.Value);
        if (options.ValidationSet is { } set)
        {
            var (rows, isForeign) = Read(set, options, input, data, columns, objective, channel, cancellation);
            var batches = rows.Training(batchSize, epochs, objective.TargetType, sparse);
            batches.IsForeign = isForeign;
            return batches;
        }
        if (data.HeldOut > 0)
        {
            objective.Check(data.HeldOutStatistics, $"The {data.HeldOut} held-out rows");
            return data.Validation(batchSize, epochs, objective.TargetType, sparse);
        }
        return options.EarlyStopping is null ? null : throw new InvalidOperationException(
            $"A ValidationFraction of {options.ValidationFraction} holds out none of the {data.Statistics.Count} rows, and EarlyStopping needs some. Raise it, or pass a ValidationSet.");
    }

    private static (TrainingData Rows, bool IsForeign) Read(IDataView set, DeepNetworkOptions options, InputColumns input, TrainingData data, BoundColumns columns, Objective objective,
        IChannel channel, Cancellation cancellation)
    {
        var bound = Bind(set, input with { Sequence = columns.Length.Varies ? new RowLength(options.Network.HasMostSteps ? columns.Width - columns.Length.Before : int.MaxValue, columns.Length.Step) : null }) with { LabelledStep = columns.LabelledStep };
        if (bound.Length.Varies != columns.Length.Varies || !bound.Length.Varies && bound.Width != columns.Width || !Equals(bound.Label?.Type, columns.Label?.Type) || !Classes(bound).SequenceEqual(Classes(columns)))
            throw new ArgumentOutOfRangeException(nameof(options.ValidationSet),
                $"The ValidationSet has {bound.Width} features and {Describe(bound)}, the training data {columns.Width} and "
                + $"{Describe(columns)}. Prepare it by the same fitted transforms as the training data.");
        bound = bound with { Features = columns.Features.In(set.Schema) };
        var check = new HeldOutCheck(data.Statistics, judgesTarget: columns.Labels is NumberLabelReader);
        var rows = TrainingData.Read(set, bound, default, options.MemoryBudget, cancellation, check);
        objective.Check(rows.Statistics, $"{Where}The {rows.Statistics.Count} rows");
        var finding = check.Finding(bound);
        if (finding is not null)
            channel.Warning(MessageSensitivity.None, "{0}",
                $"{Where}Its rows cannot be of the distribution of the training rows: {finding}. Prepare it by the same fitted transforms as the training data, "
                + "or what it judges means nothing.");
        return (rows, finding is not null);
    }

    private static BoundColumns Bind(IDataView set, InputColumns input)
    {
        try
        {
            return input.Bind(set.Schema, Where);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ArgumentOutOfRangeException(nameof(TrainingOptions.ValidationSet), $"{Where}{e.Message}");
        }
    }

    private static string Describe(BoundColumns columns) => columns.Label is not { } label ? "no label"
        : $"a label of type {label.Type}{string.Concat(Classes(columns).Take(3).Select((name, i) => $"{(i == 0 ? ": " : ", ")}{Listing.Short(name)}"))}";

    /// <summary>What the keys of the label stand for.</summary>
    private static IEnumerable<string> Classes(BoundColumns columns) =>
        columns.Label is { Type: KeyDataViewType or VectorDataViewType { ItemType: KeyDataViewType } } label ? ClassLabels.Of(label).Names : [];
}
