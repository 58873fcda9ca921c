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
    private readonly IReadOnlyList<OptionConflict> _conflicts;

    private protected DeepNetworkTrainer(IHostEnvironment env, TOptions options, InputColumns columns, IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        _host = env.Register(GetType().Name);
        TrainerOptions = options.Copy<TOptions>();
        Check.That(!outputs.Contains(TrainerOptions.FeatureColumnName), nameof(TrainerOptions.FeatureColumnName), TrainerOptions.FeatureColumnName,
            "that name is taken by an output of the trainer");
        _conflicts = TrainerOptions.Conflicts();
        foreach (var conflict in _conflicts)
            if (conflict.Severity == Severity.Error)
                throw new ArgumentOutOfRangeException(conflict.Option, conflict.ToString());
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
        var (data, columns, objective, seed) = Read(input, channel);
        var before = previous is null ? null : PreviousNetwork.Find(previous, objective);
        if (before is not null)
            objective = objective.After(before);
        foreach (var conflict in _conflicts)
            channel.Warning(MessageSensitivity.None, "{0}", conflict.ToString());
        channel.Info(MessageSensitivity.None, "{0}",
            $"{data.Statistics.Count} training rows{(data.Streams ? " (streamed)" : "")}, {data.HeldOut} held out, {data.Width} features; {TrainerOptions}");

        var reporter = new ProgressReporter(channel, progress, TrainerOptions.Progress, TrainerOptions.ProgressSteps);
        using var validation = Validation(data, columns, objective);
        var options = TrainerOptions.Copy<TOptions>();
        options.Seed = seed;
        var (model, onnx) = NetworkFit.Run(data, validation, objective, options, seed, before, reporter);
        return new DeepNetworkTransformer(model, onnx, objective, columns.Features);
    }

    /// <summary>
    /// Looks at the network and its data before time is spent on training: one batch forward and backward, and the curvature of the loss.
    /// </summary>
    /// <param name="input">Data; the rows that a fit would hold out are left out.</param>
    /// <returns>The loss beside guessing, signal and gradient layer by layer, the rate that the curvature allows, and what is wrong already.</returns>
    /// <remarks>Nothing of it stays behind; where <see cref="TrainingOptions.Seed"/> is set, a fit afterwards gives the same model as without.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The data holds nothing to learn from, or a row that no network can learn from.</exception>
    public Inspection Inspect(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _host.Start("Inspection");
        var (data, _, objective, seed) = Read(input, channel);
        var inspection = NetworkFit.Inspect(data, objective, TrainerOptions, seed);
        channel.Info(MessageSensitivity.None, "{0}", inspection.ToString());
        return inspection;
    }

    /// <summary>
    /// Tries learning rates (the range test of Smith 2017, "Cyclical learning rates"): a fresh network takes one training step with
    /// each rate of a sequence that grows by a constant factor, until the loss explodes.
    /// </summary>
    /// <param name="input">Data; the rows that a fit would hold out are left out.</param>
    /// <param name="lowest">The first rate, above 0. Default 10⁻⁶.</param>
    /// <param name="highest">The last rate, above <paramref name="lowest"/>. Default 10.</param>
    /// <param name="steps">Rates, at least 20. Default 100.</param>
    /// <returns>The loss of every step, and the rate that these suggest.</returns>
    /// <remarks>
    /// All options apply, but the optimizer's rate and the schedule, whose place the sequence takes, and the detectors: a step that leads
    /// nowhere ends the test. Nothing of it stays behind; where <see cref="TrainingOptions.Seed"/> is set, a fit afterwards gives
    /// the same model as without.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A rate or the number of steps, or a column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The data holds nothing to learn from, or a row that no network can learn from.</exception>
    public LearningRateCurve FindLearningRate(IDataView input, double lowest = 1e-6, double highest = 10, int steps = 100)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check.Positive(lowest, nameof(lowest));
        Check.That(Check.Positive(highest, nameof(highest)) > lowest, nameof(highest), highest, $"it must be above {nameof(lowest)}");
        Check.AtLeast(steps, 20, nameof(steps));
        using var channel = _host.Start("Learning-rate range test");
        var (data, _, objective, seed) = Read(input, channel);
        var curve = NetworkFit.FindLearningRate(data, objective, TrainerOptions, seed, lowest, highest, steps);
        channel.Info(MessageSensitivity.None, "{0}", curve.ToString());
        return curve;
    }

    /// <summary>The columns after training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _columns.Check(inputSchema);
        return Columns(_columns.Label is { } label ? SchemaMismatch.Find(inputSchema, "label", label) : null).Extend(inputSchema);
    }

    private (TrainingData Data, BoundColumns Columns, Objective Objective, int Seed) Read(IDataView input, IChannel channel)
    {
        var seed = TrainerOptions.Seed ?? _host.Rand.Next();
        var columns = _columns.Bind(input.Schema);
        var heldOut = new HeldOutRows(TrainerOptions.ValidationSet is null ? TrainerOptions.ValidationFraction : 0, seed);
        var data = TrainingData.Read(input, columns, heldOut, TrainerOptions.MemoryBudget);
        OptionConflicts.Refuse((FeedForwardNetwork)TrainerOptions.Network, data.Statistics);
        return (data, columns, Objective(columns.Label, data.Statistics, channel), seed);
    }

    private BatchSource? Validation(TrainingData data, BoundColumns columns, Objective objective)
    {
        if (TrainerOptions.ValidationSet is not { } set)
            return data.HeldOut > 0 ? data.Validation(TrainerOptions.BatchSize, TrainerOptions.Epochs, objective.TargetType)
                : TrainerOptions.EarlyStopping is null ? null
                : throw new InvalidOperationException(
                    $"A ValidationFraction of {TrainerOptions.ValidationFraction} holds out none of the {data.Statistics.Count} rows, and EarlyStopping needs some. Raise it, or pass a ValidationSet.");

        var bound = _columns.Bind(set.Schema);
        if (bound.Width != columns.Width || !Equals(bound.Label?.Type, columns.Label?.Type) || !Classes(bound).SequenceEqual(Classes(columns)))
            throw new ArgumentOutOfRangeException(nameof(TrainerOptions.ValidationSet),
                $"The ValidationSet has {bound.Width} features and {Describe(bound)}, the training data {columns.Width} and "
                + $"{Describe(columns)}. Prepare it by the same fitted transforms as the training data.");
        return TrainingData.Read(set, bound, default, TrainerOptions.MemoryBudget, nameof(TrainerOptions.ValidationSet))
            .Training(TrainerOptions.BatchSize, TrainerOptions.Epochs, objective.TargetType);
    }

    private static string Describe(BoundColumns columns) => columns.Label is not { } label ? "no label"
        : $"a label of type {label.Type}{string.Concat(Classes(columns).Take(3).Select((name, i) => $"{(i == 0 ? ": " : ", ")}{name}"))}";

    /// <summary>What the keys of the label stand for.</summary>
    private static IEnumerable<string> Classes(BoundColumns columns) =>
        columns.Label is { Type: KeyDataViewType } label ? ClassLabels.Of(label).Names : [];
}
