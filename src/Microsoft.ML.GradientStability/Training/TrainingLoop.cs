using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Trains a network for its objective, epoch after epoch: every <see cref="TrainingStep"/> is observed and diagnosed before it is taken,
/// every epoch is judged on the held-out rows and reported.
/// </summary>
internal sealed class TrainingLoop
{
    private readonly DeepNetworkOptions _options;
    private readonly NetworkModule _module;
    private readonly FlatParameters _parameters;
    private readonly Objective _objective;
    private readonly ProgressReporter _reporter;
    private readonly TrainingContext _context;
    private readonly FitMonitor _monitor;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly int _epochs;
    private long _steps;

    public TrainingLoop(DeepNetworkOptions options, TrainingContext context, NetworkModule module, ProgressReporter reporter)
    {
        (_options, _parameters, _objective, _module, _reporter) = (options, context.Parameters, context.Objective, module, reporter);
        (_context, _epochs) = (context, options.Epochs!.Value);
        _monitor = new FitMonitor(context, module, _options.Detectors, _options.StatisticsInterval, _options.Histograms);
    }

    public TrainingSummary Run(BatchSource training, BatchSource? validation, FitRandom random, Cancellation cancellation)
    {
        var step = new TrainingStep(_context, _module, random);
        _reporter.Say(_parameters.IsOnDevice ? $"Steps go through LibTorch's graph on {_parameters.Values.device}." : step.IsWrittenOut ? "Steps are written out, forward and backward." : "Steps go through LibTorch's graph: a part of the network is not written out, or rows are sparse, or a batch is too large.");
        var best = new BestWeights(_module, _parameters, _options.EarlyStopping?.MinDelta ?? 0);
        _context.Rows = () => training.LastRows(step.Batches);
        var stepsPerEpoch = (training.Batches + _options.AccumulationSteps - 1) / _options.AccumulationSteps;
        _steps = _epochs * stepsPerEpoch;
        if (_options.Schedule.WarmUpSteps >= _steps)
            _reporter.Warn($"Schedule: its warm-up of {_options.Schedule.WarmUpSteps} steps takes all {_steps} of the fit, and the learning rate never reaches that of {_options.Optimizer}; shorten it.");
        var schedule = _options.Schedule.Start(_steps, stepsPerEpoch);
        var epoch = new EpochTotals();
        var ending = TrainingEnd.AllEpochs;
        (double Loss, double? Accuracy)? judged = null;
        var leastLoss = double.PositiveInfinity;
        while (epoch.Number < _epochs && ending == TrainingEnd.AllEpochs)
        {
            (double Loss, double? Accuracy)? ofEpoch = null;
            try
            {
                Train(training, epoch, step, schedule, random, cancellation);
                if (validation is not null)
                    ofEpoch = Judge(validation, step.Average, best, epoch.Number, cancellation);
            }
            catch (OperationCanceledException) when (epoch.Step > 0 && cancellation.LeavesModel)
            {
                ending = TrainingEnd.Cancelled;
                break;
            }
            if (ofEpoch is not var (loss, accuracy))
            {
                schedule.EpochEnded(epoch.MeanLoss);
                _reporter.EpochEnded(Progress(epoch, step));
            }
            else
            {
                schedule.EpochEnded(loss);
                (judged, leastLoss) = ((loss, accuracy), Math.Min(leastLoss, loss));
                _reporter.EpochEnded(Progress(epoch, step) with { ValidationLoss = loss, ValidationAccuracy = accuracy });
                if (best.EpochsWithoutImprovement >= _options.EarlyStopping?.Patience)
                    ending = TrainingEnd.StoppedEarly;
            }
        }
        cancellation.IgnoreToken();
        step.Average?.Swap();
        if (ending != TrainingEnd.Cancelled && _options.Detectors.Count > 0)
            JudgeFit(training, validation, judged, leastLoss, epoch, step, cancellation);
        best.Restore();
        return new TrainingSummary
        {
            End = ending,
            Epochs = epoch.Number,
            BestEpoch = best.Epoch == 0 ? epoch.Number : best.Epoch,
            Steps = epoch.Step,
            ClippedShare = epoch.ClippedShareOfRun,
            SkippedSteps = epoch.SkippedOfRun,
            Loss = epoch.MeanLoss,
            ValidationLoss = best.Epoch == 0 ? null : best.Loss,
            ValidationAccuracy = best.Accuracy,
            Findings = _monitor.Findings,
            DiagnosticsCost = _monitor.Cost with { EveryStep = _monitor.Cost.EveryStep + step.Observation.Time },
            Curves = _reporter.Curves,
            Duration = _clock.Elapsed,
            StepsPerEpoch = stepsPerEpoch,
            PeakMemory = Process.GetCurrentProcess().PeakWorkingSet64,
        };
    }

    /// <summary>One epoch.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    private void Train(
        BatchSource training, EpochTotals epoch, TrainingStep step, LearningRateSchedule.State schedule, FitRandom random, Cancellation cancellation)
    {
        epoch.Begin(epoch.Number + 1);
        training.Begin(_options.Shuffle ? random.Order(epoch.Number) : null);
        _module.train();
        while (true)
        {
            cancellation.ThrowIfCancelled();
            _monitor.Begin(epoch.Step + 1);
            if (!step.Backward(training, epoch.Number, epoch.Step + 1))
                break;
            var factor = schedule.Factor(epoch.Step);
            epoch.LearningRate = _options.Optimizer.LearningRate * factor;
            epoch.Step++;
            Diagnose(epoch, step);
            StepStatistics? statistics = null;
            if (step.Observation.IsFinite)
            {
                _monitor.Moving();
                step.Update(epoch.LearningRate);
                statistics = _monitor.Moved(step.Observation, factor, step.ClippedNorm, step.Clipped);
                epoch.Count(step.Observation.Loss, step.Clipped);
            }
            else
            {
                epoch.SkippedOfRun++;
            }
            if (_reporter.WantsStep(epoch.Step) || statistics is not null)
                _reporter.Step(Progress(epoch, step) with { Statistics = statistics });
        }
        if (epoch.Taken == 0)
            throw new GradientStabilityException(
                $"Training ended in epoch {epoch.Number}: not one step could be taken, every loss or gradient was NaN or infinite.", _monitor.Findings);
    }

    private void Diagnose(EpochTotals epoch, TrainingStep step)
    {
        foreach (var finding in _monitor.Over(epoch.Step))
            _reporter.Over(finding);
        foreach (var finding in _monitor.Observe(step.Observation, _options.BatchSize!.Value * _options.AccumulationSteps))
        {
            Report(finding, epoch, step);
            if (_options.Stability.Ends(finding))
                throw new GradientStabilityException($"Training ended at step {finding.Step} (epoch {finding.Epoch}).", _monitor.Findings);
        }
    }

    private void Report(Finding finding, EpochTotals epoch, TrainingStep step) => _reporter.Found(Progress(epoch, step) with { Finding = finding });

    /// <summary>Scores training rows with the weights of the last epoch, and lets the detectors judge the whole fit.</summary>
    private void JudgeFit(BatchSource training, BatchSource? validation, (double Loss, double? Accuracy)? heldOut, double leastLoss, EpochTotals epoch,
        TrainingStep step, Cancellation cancellation)
    {
        const long mostRows = 2048;
        var recall = new ClassRecall();
        var (loss, accuracy) = Judge(training, cancellation, mostRows, recall);
        if (validation is { IsForeign: true })
            heldOut = null;
        var judgement = new FinalJudgement(loss, accuracy, recall.OfClasses(), heldOut?.Loss, heldOut?.Accuracy,
            heldOut is null ? null : leastLoss, validation?.Rows ?? 0);
        foreach (var finding in _monitor.End(judgement, epoch.Number))
            Report(finding, epoch, step);
    }

    /// <summary>Judges the weights, or their average where one is kept, and keeps them where they are the best.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    private (double Loss, double? Accuracy) Judge(BatchSource validation, WeightAverage? average, BestWeights best, int epoch, Cancellation cancellation)
    {
        average?.Swap();
        try
        {
            var (loss, accuracy) = Judge(validation, cancellation);
            best.Offer(epoch, loss, accuracy);
            return (loss, accuracy);
        }
        finally
        {
            average?.Swap();
        }
    }

    /// <summary>Mean loss and, of classes, share of correct rows, or steps that have labels, in evaluation mode.</summary>
    public (double Loss, double? Accuracy) Judge(BatchSource rows, Cancellation cancellation, long most = long.MaxValue, ClassRecall? recall = null)
    {
        var threads = get_num_threads();
        using var frozen = no_grad();
        _module.eval();
        double losses = 0, lossWeights = 0, correct = 0, rowWeights = 0;
        var classes = false;
        rows.Begin(shuffle: null);
        for (var seen = 0L; seen < most;)
        {
            cancellation.ThrowIfCancelled();
            using var scope = NewDisposeScope();
            if (!rows.Next(out var batch))
                break;
            using var turn = Cores.Take(threads);
            seen += batch.Targets.shape[0];
            var weight = _objective.Weight(batch);
            lossWeights += weight;
            var (loss, isCorrect, targets, weights) = _objective.Judge(_module, batch);
            losses += weight * loss.item<float>();
            if (isCorrect is { } right)
            {
                classes = true;
                recall?.Count(targets!, right);
                correct += weights is null ? right.sum().item<long>() : (right.to(float32) * weights).sum().item<float>();
                rowWeights += weights?.sum().item<float>() ?? right.shape[0];
            }
        }
        return (losses / lossWeights, classes ? correct / rowWeights : null);
    }

    private TrainingProgress Progress(EpochTotals epoch, TrainingStep step)
    {
        var observation = step.Observation;
        var layers = new LayerGradient[_parameters.Layers.Length];
        for (var l = 0; l < layers.Length; l++)
            layers[l] = new LayerGradient(_parameters.Layers[l].Title, observation.LayerNorms[l]);
        return new TrainingProgress
        {
            Epoch = epoch.Number,
            Epochs = _epochs,
            Step = epoch.Step,
            Steps = _steps,
            LearningRate = epoch.LearningRate,
            Loss = epoch.MeanLoss,
            BatchLoss = observation.Loss,
            GradientNorm = observation.Norm,
            ClippedGradientNorm = step.ClippedNorm,
            Clipped = step.Clipped,
            Layers = layers,
            ClippedShare = epoch.ClippedShare,
            ClippedSteps = epoch.ClippedOfRun,
            SkippedSteps = epoch.SkippedOfRun,
            Elapsed = _clock.Elapsed,
        };
    }

    /// <summary>What adds up over the steps of an epoch; the step number and the totals of the run go on.</summary>
    private sealed class EpochTotals
    {
        private double _lossSum;
        private int _clipped;
        private long _takenOfRun;

        public int Number { get; private set; }
        public long Step { get; set; }
        public double LearningRate { get; set; }
        public long ClippedOfRun { get; private set; }
        public long SkippedOfRun { get; set; }
        public int Taken { get; private set; }
        public double MeanLoss => _lossSum / Taken;
        public double ClippedShare => Taken == 0 ? 0 : (double)_clipped / Taken;
        public double ClippedShareOfRun => _takenOfRun == 0 ? 0 : (double)ClippedOfRun / _takenOfRun;

        public void Begin(int number) => (Number, _lossSum, Taken, _clipped) = (number, 0, 0, 0);

        public void Count(double loss, bool clipped)
        {
            _lossSum += loss;
            Taken++;
            _takenOfRun++;
            if (clipped)
            {
                _clipped++;
                ClippedOfRun++;
            }
        }
    }
}
