using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// One fit of a network, from training data to a trained model and its ONNX bytes. All native tensors live and die here.
/// </summary>
internal static class NetworkFit
{
    /// <summary>Training rows on which the ONNX bytes are held against the network before a fit returns.</summary>
    private const int ParityRows = 64;

    /// <summary>Relative to the greatest score.</summary>
    private const double ParityTolerance = 1e-4;

    /// <summary>A difference up to so many times that by noise of one part in a million, eight times the precision of Single, is one of rounding.</summary>
    private const double RoundingNoise = 10;

    public static (DeepNetworkModel Model, byte[] Onnx) Run(TrainingData data, BatchSource? validation, Objective objective,
        DeepNetworkOptions options, bool scales, double? temperature, string features, int seed, PreviousNetwork? previous, ProgressReporter reporter, Cancellation cancellation, Device? device) =>
        SetUp(data, objective, options, seed, previous, looksAtData: options.Detectors.Count > 0, cancellation, (context, module, training, random) =>
        {
            var loop = new TrainingLoop(options, context, module, reporter);
            var judges = validation is null ? null : On(device, validation);
            var summary = loop.Run(On(device, training), judges, random, cancellation) with { Rows = data.Statistics.Count };
            using var beside = scales && validation is null && data.HeldOut > 0 ? Beside(data, objective, options) : null;
            if (scales && (beside is null ? judges : On(device, beside)) is { IsForeign: false } held)
            {
                var (found, loss) = Temperature.Find(module, () => loop.Judge(held, cancellation).Loss, held.Rows);
                summary = summary with { Temperature = found, ValidationLoss = validation is null ? null : loss };
                reporter.Say(FormattableString.Invariant($"At a temperature of {found:F2} the loss on the {held.Rows} rows held out is least, {loss:G4}."));
            }
            else if (scales && temperature is { } found && summary.End != TrainingEnd.Cancelled && module.ScaleOutputs(1 / found))
            {
                summary = summary with { Temperature = found };
            }

            var model = new DeepNetworkModel(options, module, context.Parameters, summary);
            using var ofDevice = device is null ? null : model.CreateModule(objective);
            var trained = ofDevice ?? module;
            var onnx = OnnxExport.Write(trained, objective, options, features, summary);
            CheckParity(trained, objective, onnx, training, reporter, summary, cancellation);
            return (model, onnx);
        }, device);

    /// <summary>
    /// The loss on the held-out rows of data after training on its others, infinite where not one step could be taken; and the temperature at which it is least, where one is looked for.
    /// </summary>
    public static (double Temperature, double Loss) Try(
        TrainingData data, Objective objective, DeepNetworkOptions options, bool scales, int seed, ProgressReporter reporter, Cancellation cancellation) =>
        SetUp(data, objective, options, seed, previous: null, looksAtData: false, cancellation, (context, module, training, random) =>
        {
            try
            {
                var loop = new TrainingLoop(options, context, module, reporter);
                loop.Run(training, validation: null, random, cancellation);
                using var heldOut = Beside(data, objective, options);
                return scales ? Temperature.Find(module, Loss, data.HeldOut) : (1, Loss());

                double Loss() => loop.Judge(heldOut, cancellation).Loss;
            }
            catch (GradientStabilityException)
            {
                return (1, double.PositiveInfinity);
            }
        });

    public static LearningRateCurve FindLearningRate(TrainingData data, Objective objective, DeepNetworkOptions options, int seed,
        double lowest, double highest, int steps, Cancellation cancellation, Device? device) =>
        SetUp(data, objective, options, seed, previous: null, looksAtData: false, cancellation, (context, module, training, random) =>
            new LearningRateRangeTest(context, module).Run(On(device, training), random, cancellation, lowest, highest, steps), device);

    public static Inspection Inspect(TrainingData data, Objective objective, DeepNetworkOptions options, int seed, Cancellation cancellation) =>
        SetUp(data, objective, options, seed, previous: null, looksAtData: true, cancellation, (context, module, training, random) =>
            new Preflight(context, module, random).Run(training, options.Detectors), allowsSlots: false);

    /// <summary>The rows that data holds out.</summary>
    private static BatchSource Beside(TrainingData data, Objective objective, DeepNetworkOptions options) =>
        data.Validation(options.BatchSize!.Value, epochs: 1, objective.TargetType, SlotBySlot.Holds(data.Statistics, objective, options));

    private static BatchSource On(Device? device, BatchSource rows) => device is null ? rows : new DeviceBatches(rows, device);

    /// <summary>Makes the network as it is before its first step, and the rows to train it on, and gives them to an action.</summary>
    private static T SetUp<T>(TrainingData data, Objective objective, DeepNetworkOptions options, int seed, PreviousNetwork? previous, bool looksAtData,
        Cancellation cancellation, Func<TrainingContext, NetworkModule, BatchSource, FitRandom, T> action, Device? device = null, bool allowsSlots = true)
    {
        var (batchSize, epochs) = (options.BatchSize!.Value, options.Epochs!.Value);
        var rows = Math.Min(batchSize, data.Statistics.Count);
        // Said before anything is drawn, and not when training has ended.
        if (objective.LargestMatrix(options.Network, data.Width) is var weights && sizeof(float) * weights > OnnxFile.MostBytes)
            throw new InvalidOperationException(
                $"A layer of the network has a matrix of {weights:N0} weights, and the file of one network holds {OnnxFile.MostBytes / sizeof(float):N0}. Make its layers narrower, as by HiddenUnits, or take fewer features or classes.");
        var slotBySlot = allowsSlots && device is null && SlotBySlot.Holds(data.Statistics, objective, options);
        // Slot by slot, the work of a row is that of the numbers it has.
        var width = slotBySlot ? (int)Math.Max(1, data.Statistics.NonZeros / data.Statistics.Count) : data.Width;
        using var torchScope = new TorchScope(Math.Min(options.Threads ?? int.MaxValue, Cores.For(rows, objective.LargestMatrix(options.Network, width))));
        var random = new FitRandom(seed);
        // Weights of a previous network come over all others: none of them is worth drawing.
        var initializer = previous is null ? options.Initializer : Initializer.Constant(0);
        var scaling = options.StandardizeFeatures ? ChannelScaling.Of(data.Statistics, options.Network, objective.ScaleOfConstants, data.Width) : null;
        var code = previous is null ? Code(data.Statistics, options.Network, scaling) : previous.Code(options.Network, options.Network.NumbersOf(data.Width));
        using var module = objective.CreateModule(options.Network, data.Width, new Origin(initializer, random, cancellation), code);
        if (scaling is var (mean, scale, offset))
            module.ScaleInput(mean, scale, offset);
        previous?.CopyTo(module, objective);
        using var training = data.Training(batchSize, epochs, objective.TargetType, slotBySlot);
        if (previous is null)
            Adapt(options.Initializer, module, objective, training, cancellation);
        var facts = looksAtData && !slotBySlot && options.Network.Shape is not ({ IsTokens: true } or { VariesInLength: true })
            ? DataFacts.Read(training, module, data.Statistics, objective.HasClasses)
            : DataFacts.Sane(data.Statistics.GreatestFeature);
        if (device is not null)
            module.MoveInPlace(device);
        using var parameters = new FlatParameters(module, slotBySlot, device);
        return action(new TrainingContext(options, objective, module, parameters, facts), module, training, random);
    }

    /// <summary>The encoding of rows that are not wide and sparse.</summary>
    private static InputCode? Code(RowStatistics statistics, Network network, (float[] Mean, float[] Scale, float[] Offset)? scaling) => statistics.IsSparse ? null
        : network.Encode(new FeatureSample(network.NumbersOf(statistics.Width), statistics.RowsOfTarget.Count > 0, feature =>
        {
            var (values, targets) = statistics.Sample.SortedWithTargets(feature);
            for (var i = 0; i < values.Length; i++)
                values[i] = scaling is var (mean, scale, offset) ? InputScaling.Scaled(values[i], feature, mean, scale, offset) : values[i];
            return (values, targets);
        }));

    private static void Adapt(Initializer initializer, NetworkModule module, Objective objective, BatchSource training, Cancellation cancellation)
    {
        if (!initializer.NeedsData)
            return;
        using var scope = NewDisposeScope();
        training.Begin(shuffle: null);
        training.Next(out var batch);
        var inputs = objective.Inputs(module, batch);
        initializer.Adapt(module, inputs.is_sparse ? inputs.to_dense() : inputs, cancellation);
    }

    /// <summary>
    /// The pipeline scores by the ONNX bytes; they must say what the trained modules say, but for what rounding explains: a deep network that
    /// amplifies small differences from layer to layer scores a little differently wherever sums are taken in another order.
    /// </summary>
    private static void CheckParity(NetworkModule module, Objective objective, byte[] onnx, BatchSource training, ProgressReporter reporter,
        TrainingSummary summary, Cancellation cancellation)
    {
        using var scorer = new OnnxScorer(onnx, get_num_threads(), module.Before + module.StepSize, module.Features);
        using var check = new ParityCheck(module, objective, scorer, ParityTolerance);
        using var scope = NewDisposeScope();
        training.Begin(shuffle: null);
        for (var rows = 0; rows < ParityRows && training.Next(out var batch);)
        {
            cancellation.ThrowIfCancelled();
            for (var row = 0; row < batch.Targets.shape[0] && rows < ParityRows; row++, rows++)
            {
                using var one = NewDisposeScope();
                if (batch.Features.is_sparse)
                    new SlotEntries(batch.Features).CopyRow(row, check.NextRow(module.Features));
                else
                    Copy(batch.Features[row].data<float>().ToArray());
            }
        }
        var parity = check.Finish();
        if (!check.ScoresAreFinite)
            throw new GradientStabilityException(
                $"Training ended after {summary.Steps} steps with a network whose scores are NaN or infinite. Lower the learning rate, or clip the gradients.", summary.Findings);
        if (parity.Holds)
            return;
        var noise = check.EffectOfNoise();
        if (!(parity.GreatestDifference <= RoundingNoise * noise))
            throw new InvalidOperationException($"The trained network and its ONNX form disagree: {parity}. Please report this with the options of the trainer.");
        reporter.Warn(FormattableString.Invariant($"The scores hang on rounding: one part in a million of noise in features and weights changes them by up to {noise:G2}, and ONNX Runtime, ")
            + FormattableString.Invariant($"which scores, differs from LibTorch, which trained, by {parity.GreatestDifference:G2}. The layers amplify small differences; ")
            + "residual connections or fewer layers calm them.");

        // Behind its end a row that is shorter than others of its batch is NaN.
        void Copy(ReadOnlySpan<float> padded)
        {
            var row = padded.TrimEnd(float.NaN);
            row.CopyTo(check.NextRow(row.Length));
        }
    }
}
