using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What the deep-network trainers have in common: an estimator that trains a network on a feature column, most on a label column too, and
/// watches its gradients while it does.
/// </summary>
/// <remarks>
/// Training is reported in three ways at once: on the channel of <see cref="MLContext.Log"/> (a line an epoch, a warning a finding),
/// as metrics on ML.NET's progress channel, and to <see cref="DeepNetworkOptions.Progress"/>.
/// </remarks>
/// <typeparam name="TOptions">The options of the task.</typeparam>
public abstract class DeepNetworkTrainer<TOptions> : IEstimator<DeepNetworkTransformer> where TOptions : DeepNetworkOptions
{
    private readonly IHost _host;
    private readonly InputColumns _columns;

    private protected DeepNetworkTrainer(IHostEnvironment env, TOptions options, InputColumns columns, IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        _host = env.Register(GetType().Name);
        TrainerOptions = options.Copy<TOptions>();
        Check.That(!outputs.Contains(TrainerOptions.FeatureColumnName), nameof(TrainerOptions.FeatureColumnName), TrainerOptions.FeatureColumnName,
            "that name is taken by an output of the trainer");
        Check.That(TrainerOptions.EarlyStopping is null || TrainerOptions.ValidationFraction > 0 || TrainerOptions.ValidationSet is not null, nameof(TrainerOptions.EarlyStopping),
            TrainerOptions.EarlyStopping, "it needs held-out rows, a ValidationFraction above 0 or a ValidationSet");
        Check.That(TrainerOptions.BatchSize > 1 || TrainerOptions.Network is not FeedForwardNetwork { Normalization: BatchNormalization },
            nameof(TrainerOptions.BatchSize), TrainerOptions.BatchSize, "batch normalization needs at least 2 rows a step; set Normalization.Layer for single rows");
        _columns = columns;
    }

    /// <summary>As they were when the trainer was made.</summary>
    internal TOptions TrainerOptions { get; }

    /// <summary>What is learnt, judged by the label column and the rows that train.</summary>
    private protected abstract Objective Objective(DataViewSchema.Column? label, RowStatistics statistics, IChannel channel);

    /// <summary>The columns that training will add, before any data is seen.</summary>
    private protected abstract ScoreColumns Columns(SchemaShape.Column? label);

    /// <summary>Trains on data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The data holds nothing to learn from, or a row that no network can learn from.</exception>
    /// <exception cref="GradientStabilityException">The gradients lead nowhere; the message explains why, and which option mends it.</exception>
    public DeepNetworkTransformer Fit(IDataView input) => Fit(input, previous: null);

    /// <summary>Trains on from a model that was trained before, in this program or loaded from a file.</summary>
    /// <param name="input">Data.</param>
    /// <param name="previous">
    /// The model, or a pipeline that holds it; with the network, the features and the labels of this trainer. Its weights are where
    /// training starts, the scaling of its features and targets is kept.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">As above, or the previous model holds no such network.</exception>
    /// <exception cref="GradientStabilityException">The gradients lead nowhere; the message explains why, and which option mends it.</exception>
    public DeepNetworkTransformer Fit(IDataView input, ITransformer? previous)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _host.Start("Training");
        using var progress = _host.StartProgressChannel("Training");
        var seed = TrainerOptions.Seed ?? _host.Rand.Next();
        var columns = _columns.Bind(input.Schema);
        var heldOut = new HeldOutRows(TrainerOptions.ValidationSet is null ? TrainerOptions.ValidationFraction : 0, seed);
        var data = TrainingData.Read(input, columns, heldOut, TrainerOptions.MemoryBudget);
        var objective = Objective(columns.Label, data.Statistics, channel);
        var before = previous is null ? null : PreviousNetwork.Find(previous, objective);
        if (before is not null)
            objective = objective.After(before);
        channel.Info(MessageSensitivity.None, "{0}",
            $"{data.Statistics.Count} training rows{(data.Streams ? " (streamed)" : "")}, {data.HeldOut} held out, {data.Width} features; {TrainerOptions}");

        var reporter = new ProgressReporter(channel, progress, TrainerOptions);
        using var validation = Validation(data, columns, objective);
        var (model, onnx) = NetworkFit.Run(data, validation, objective, TrainerOptions, seed, before, reporter);
        return new DeepNetworkTransformer(model, onnx, objective, columns.Features);
    }

    /// <summary>The columns after training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _columns.Check(inputSchema);
        return Columns(_columns.Label is { } label ? SchemaMismatch.Find(inputSchema, "label", label) : null).Extend(inputSchema);
    }

    private BatchSource? Validation(TrainingData data, BoundColumns columns, Objective objective)
    {
        if (TrainerOptions.ValidationSet is not { } set)
            return data.HeldOut > 0 ? data.Validation(TrainerOptions, objective.TargetType)
                : TrainerOptions.EarlyStopping is null ? null
                : throw new InvalidOperationException(
                    $"A ValidationFraction of {TrainerOptions.ValidationFraction} holds out none of the {data.Statistics.Count} rows, and EarlyStopping needs some. Raise it, or pass a ValidationSet.");

        var bound = _columns.Bind(set.Schema);
        if (bound.Width != columns.Width || !Equals(bound.Label?.Type, columns.Label?.Type) || !Classes(bound).SequenceEqual(Classes(columns)))
            throw new ArgumentOutOfRangeException(nameof(TrainerOptions.ValidationSet),
                $"The ValidationSet has {bound.Width} features and {Describe(bound)}, the training data {columns.Width} and "
                + $"{Describe(columns)}. Prepare it by the same fitted transforms as the training data.");
        return TrainingData.Read(set, bound, default, TrainerOptions.MemoryBudget, nameof(TrainerOptions.ValidationSet)).Training(TrainerOptions, objective.TargetType);
    }

    private static string Describe(BoundColumns columns) => columns.Label is not { } label ? "no label"
        : $"a label of type {label.Type}{string.Concat(Classes(columns).Take(3).Select((name, i) => $"{(i == 0 ? ": " : ", ")}{name}"))}";

    /// <summary>What the keys of the label stand for.</summary>
    private static IEnumerable<string> Classes(BoundColumns columns) =>
        columns.Label is { Type: KeyDataViewType } label ? ClassLabels.Of(label).Names : [];
}
