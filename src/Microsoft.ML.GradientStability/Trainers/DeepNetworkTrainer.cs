using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What the deep-network trainers have in common: an estimator that trains a network on a feature column, most on a label column too, and
/// watches its gradients while it does.
/// </summary>
/// <remarks>
/// Training is reported on the channel of <see cref="MLContext.Log"/> (a line an epoch, a warning a finding), as metrics on ML.NET's progress
/// channel, to <see cref="DeepNetworkOptions.Progress"/>, and wherever <see cref="DeepNetworkOptions.Reports"/> says.
/// </remarks>
/// <typeparam name="TOptions">The options of the task.</typeparam>
public abstract class DeepNetworkTrainer<TOptions> : IEstimator<DeepNetworkTransformer> where TOptions : DeepNetworkOptions
{
    private readonly IHostEnvironment _env;
    private readonly IHost _host;
    private readonly Lock _draw = new();
    private readonly InputColumns _columns;
    private readonly IReadOnlyList<OptionConflict> _conflicts;

    private protected DeepNetworkTrainer(IHostEnvironment env, TOptions options, InputColumns columns, IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        (_env, _host) = (env, env.Register(GetType().Name));
        TrainerOptions = options.Copy<TOptions>();
        Check.That(!outputs.Contains(TrainerOptions.FeatureColumnName), nameof(TrainerOptions.FeatureColumnName), TrainerOptions.FeatureColumnName,
            "that name is taken by an output of the trainer");
        foreach (var extra in columns.Extra)
            Check.That(!outputs.Contains(extra), nameof(SupervisedOptions.ExtraFeatureColumns), extra, "that name is taken by an output of the trainer");
        _conflicts = TrainerOptions.Conflicts();
        foreach (var conflict in _conflicts)
            if (conflict.Severity == Severity.Error)
                throw new ArgumentOutOfRangeException(conflict.Option, conflict.ToString());
        Check.That(columns.Labels is not StepLabelReader || TrainerOptions.Network.HasSteps, nameof(TrainerOptions.Network), TrainerOptions.Network,
            "a label for every step takes a network over sequences; take Network.Recurrent or Network.Attention");
        Check.That(columns.Labels is StepLabelReader || !TrainerOptions.Network.FeedsLabels, nameof(RecurrentNetwork.TeacherForcing), true,
            "it feeds the label of a step to the next, and this trainer has one label a row; take a DeepSequence trainer, or leave it out");
        Check.That(columns.Labels is not StepLabelReader || columns.Extra.Count == 0, nameof(SupervisedOptions.ExtraFeatureColumns), string.Join(", ", columns.Extra),
            "a label for every step is told by one feature column; put what is known of a row beside the features of each of its steps");
        var (network, shape) = (TrainerOptions.Network, TrainerOptions.Network.Shape);
        _columns = columns with
        {
            TakesKeys = network.TakesKeys, IsApart = network.IsApart, TakesCategories = network.TakesCategories && columns.Extra.Count > 0, Tokens = shape is { IsTokens: true } ? shape.Channels : 0,
            Sequence = network.TakesSequences ? new RowLength(shape?.Size ?? 0, shape?.StepSize ?? 1) : null,
        };
    }

    /// <summary>As they were when the trainer was made.</summary>
    internal TOptions TrainerOptions { get; }

    /// <summary>What is learnt, judged by the columns and the rows that train.</summary>
    private protected abstract Objective Objective(BoundColumns columns, RowStatistics statistics, IChannel channel);

    /// <summary>The columns that training will add, before any data is seen.</summary>
    private protected abstract ScoreColumns Columns(SchemaShape.Column? label);

    /// <summary>Trains on data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The data holds nothing to learn from, or a row that no network can learn from.</exception>
    /// <exception cref="GradientStabilityException">The gradients lead nowhere; the message explains why, and which option mends it.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled before the first step, or the context at any time.</exception>
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
    /// <exception cref="OperationCanceledException">The options' token was cancelled before the first step, or the context at any time.</exception>
    public DeepNetworkTransformer Fit(IDataView input, ITransformer? previous)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _host.Start("Training");
        using var progress = _host.StartProgressChannel("Training");
        var cancellation = Begin();
        var device = FitDevice.Of(_env, channel);
        var (data, columns, objective, seed) = Read(input, channel, cancellation);
        var before = previous is null ? null : PreviousNetwork.Find(previous, objective);
        var network = before is null ? null : DeepNetworkOptions.FromJson(before.Options).Network;
        if (before is not null)
        {
            if (TrainerOptions.Network.DifferenceFrom(network!) is { } difference)
                throw PreviousNetwork.Other(difference);
            objective = objective.After(before);
        }
        Warn(channel, data, columns, objective, isNew: before is null);
        var options = Resolved(data, columns, seed, network);
        if (network is not null && KeyColumn.Difference(network.Categories, options.Network.Categories) is { } others)
            throw PreviousNetwork.Other(others);
        (options, var training, var temperature) = FitPlan.Of(
            options, candidate => With(candidate, data, columns, seed, network), data, objective, ScalesTemperature, isNew: before is null, seed, NewCancellation, channel);
        channel.Info(MessageSensitivity.None, "{0}",
            $"{training.Statistics.Count} training rows{(data.Streams ? " (streamed)" : "")}, {training.HeldOut} held out, {(columns.Length.Varies ? "up to " : "")}{data.Width} features; {options}");

        using var validation = HeldOutData.Open(options, _columns, data, columns, objective, channel, cancellation);
        IReadOnlyList<Report> reports = options.Progress is null ? options.Reports : [.. options.Reports.Where(report => report is not TerminalReport)];
        using var reporter = new ProgressReporter(channel, progress, options.Progress, options.ProgressSteps, reports, options, CrossValidationFold.Of(input));
        try
        {
            var (model, onnx) = NetworkFit.Run(training, validation, objective, options, ScalesTemperature, temperature, columns.Features.Name, seed, before, reporter, cancellation, device.Training);
            var transformer = InternalInterface.Importance.Create<DeepNetworkTransformer>(model, onnx, objective, columns.Features, device.Scoring);
            reporter.Ended(model.Summary.End.ToString(), model.Summary.Findings, model.Summary.ToString());
            return transformer;
        }
        catch (Exception e)
        {
            reporter.Failed(e);
            throw;
        }
    }

    /// <summary>
    /// Looks at the network and its data before time is spent on training: one batch forward and backward, and the curvature of the loss.
    /// </summary>
    /// <param name="input">Data; the rows that a fit would hold out are left out.</param>
    /// <returns>The loss beside guessing, signal and gradient layer by layer, the rate that the curvature allows, and what is wrong already.</returns>
    /// <remarks>
    /// Nothing of it stays behind; where <see cref="TrainingOptions.Seed"/> is set, a fit afterwards gives the same model as without. One batch is no work for a
    /// GPU: it looks on the CPU, whatever the context asks for.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The data holds nothing to learn from, or a row that no network can learn from.</exception>
    public Inspection Inspect(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _host.Start("Inspection");
        var cancellation = Begin();
        var (data, columns, objective, seed) = Read(input, channel, cancellation);
        var inspection = NetworkFit.Inspect(data, objective, Resolved(data, columns, seed), seed, cancellation);
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
        var cancellation = Begin();
        var device = FitDevice.Of(_env, channel);
        var (data, columns, objective, seed) = Read(input, channel, cancellation);
        var curve = NetworkFit.FindLearningRate(data, objective, Resolved(data, columns, seed), seed, lowest, highest, steps, cancellation, device.Training);
        channel.Info(MessageSensitivity.None, "{0}", curve.ToString());
        return curve;
    }

    /// <summary>The columns after training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _columns.Check(inputSchema);
        return Columns(_columns.Label is { } label ? inputSchema.First(column => column.Name == label) : null).Extend(inputSchema);
    }

    /// <summary>What has to hold before anything is read.</summary>
    private Cancellation Begin()
    {
        TorchLibrary.Require();
        var cancellation = NewCancellation();
        cancellation.ThrowIfCancelled();
        return cancellation;
    }

    private Cancellation NewCancellation() => new(TrainerOptions.CancellationToken, HostSettings.Cancelled(_host));

    /// <summary>The options with what they leave to the data.</summary>
    private TOptions Resolved(TrainingData data, BoundColumns columns, int seed, Network? previous = null)
    {
        var rows = data.Statistics;
        var options = With(TrainerOptions.Network.For(rows.Count, rows.IsSparse, Shape(columns), previous), data, columns, seed, previous);
        if (options is SupervisedOptions { SpreadColumnName: { } spread } && !options.Network.Alternatives.All(network => network.Traits.Ensemble > 1))
            throw new InvalidOperationException($"SpreadColumnName is '{spread}', and for {rows.Count} rows the network, {options.Network}, is no ensemble, whose members could be apart. "
                + "Set Network to one, such as Network.FeedForward(128, 128) with { Ensemble = 8 }.");
        return options;
    }

    /// <summary>The options with a network, and with the batches and passes that the rows ask for when it is the one for them.</summary>
    private TOptions With(Network network, TrainingData data, BoundColumns columns, int seed, Network? previous)
    {
        var (options, rows, all) = (TrainerOptions.Copy<TOptions>(), data.Statistics, TrainerOptions.Network.Alternatives);
        var littleNoise = all.Count > 1 && !rows.IsSparse && network.Equals(all[0].For(rows.Count, rows.IsSparse, Shape(columns), previous))
            && (rows.RowsOfTarget.Count == 0 || previous is null && ScalesTemperature && rows.Count <= NetworkChoice.MostRows);
        var budget = StepBudget.Of(options, rows.Count, rows.RowsOfTarget.Count, littleNoise);
        (options.Seed, options.Network, options.BatchSize, options.Epochs) = (seed, network, budget.BatchSize, budget.Epochs);
        return options;
    }

    /// <summary>Whether a temperature is looked for.</summary>
    private bool ScalesTemperature => TrainerOptions is ClassificationOptions { TemperatureScaling: var asked } && (asked ?? TrainerOptions.Network.Alternatives.Count > 1);

    /// <summary>The feature columns as a network sees them.</summary>
    private static ColumnShape Shape(BoundColumns columns)
    {
        return Of(columns.Features.Main, columns.Length.Varies) with { Beside = [.. columns.Features.Beside.Select(part => Of(part, varies: false))] };

        ColumnShape Of(FeatureColumn part, bool varies) => new(part.Name,
            varies ? [columns.Width - columns.Length.Before] : part.Column.Type is VectorDataViewType vector ? vector.Dimensions : [1], part.Keys, varies);
    }

    /// <summary>Features of a step, each of which has a label.</summary>
    private static int OfSteps(InputShape shape, BoundColumns columns)
    {
        if (!shape.ChannelsLast)
            throw new InvalidOperationException(
                $"The feature column '{columns.Features.Name}' is a {shape}, channel behind channel, and labels are those of steps. Set InputShape.Sequence, and have the features step behind step.");
        if (columns.Length.Varies == ((VectorDataViewType)columns.Label!.Value.Type).IsKnownSize)
            throw SchemaMismatch.Type("label", columns.Label!.Value.Name, $"a vector of {(columns.Length.Varies ? "unknown" : "known")} size as the features are", columns.Label!.Value.Type.ToString()!,
                "Every step of a row has a label: make both columns of one size, or both of sizes of their own.");
        return shape.StepSize;
    }

    /// <summary>Steps of a row where labels say it ahead of data, which know no more than whether they are as many in all rows; <see langword="null"/> for not.</summary>
    private protected static int? StepsOf(SchemaShape.Column label) => label.Kind == SchemaShape.Column.VectorKind.VariableVector ? null : 1;

    /// <summary>The host's generator stands one caller at a time, and one trainer may fit on several threads.</summary>
    private int DrawSeed()
    {
        lock (_draw)
            return _host.Rand.Next();
    }

    private (TrainingData Data, BoundColumns Columns, Objective Objective, int Seed) Read(IDataView input, IChannel channel, Cancellation cancellation)
    {
        var seed = TrainerOptions.Seed ?? DrawSeed();
        var columns = _columns.Bind(input.Schema).Measured(input, cancellation);
        // Whether rows of the column fit the network is known before any is read.
        var shape = TrainerOptions.Network.For(rows: 1, areSparse: false, Shape(columns), previous: null).Shape;
        if (columns.Labels is StepLabelReader)
            columns = columns with { LabelledStep = OfSteps(shape!, columns) };
        var heldOut = new HeldOutRows(TrainerOptions.ValidationSet is null ? TrainerOptions.ValidationFraction : 0, seed);
        var data = TrainingData.Read(input, columns, heldOut, TrainerOptions.MemoryBudget, cancellation);
        foreach (var network in TrainerOptions.Network.Alternatives)
            OptionConflicts.Refuse(network.Traits, data.Statistics);
        var objective = Objective(columns, data.Statistics, channel);
        objective.Check(data.Statistics, $"The {data.Statistics.Count} training rows");
        ConstantFeatures.Refuse(data.Statistics, columns);
        return (data, columns, objective, seed);
    }

    private void Warn(IChannel channel, TrainingData data, BoundColumns columns, Objective objective, bool isNew)
    {
        var effect = !isNew || !TrainerOptions.StandardizeFeatures ? "these rows teach nothing of it"
            : objective.ScaleOfConstants == 0 ? "the network does not look at it, whatever it is in other rows"
            : "a row in which it differs, however little, gets a large reconstruction error";
        foreach (var warning in ConstantFeatures.Warnings(data.Statistics, columns, effect).Concat(RowWeights.Warnings(data.Statistics, columns)))
            channel.Warning(MessageSensitivity.None, "{0}", warning);
        foreach (var conflict in _conflicts)
            channel.Warning(MessageSensitivity.None, "{0}", conflict.ToString());
        if (SlotBySlot.Warning(data.Statistics, objective, TrainerOptions) is { } dense)
            channel.Warning(MessageSensitivity.None, "{0}", dense);
    }
}
