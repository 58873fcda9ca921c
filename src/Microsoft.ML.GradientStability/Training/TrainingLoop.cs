using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Trains a network for its objective:
/// forward → loss → backward → observe the raw gradient → diagnose → act (stop, skip or clip) → step → report.
/// </summary>
internal sealed class TrainingLoop
{
    private readonly DeepNetworkOptions _options;
    private readonly NetworkModule _module;
    private readonly FlatParameters _parameters;
    private readonly Objective _objective;
    private readonly ProgressReporter _reporter;
    private readonly StepObservation _observation;
    private readonly Detector.Watch[] _watches;
    private readonly List<Finding> _findings = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public TrainingLoop(TrainingContext context, NetworkModule module, ProgressReporter reporter)
    {
        (_options, _parameters, _objective, _module, _reporter) = (context.Options, context.Parameters, context.Objective, module, reporter);
        _observation = new StepObservation(_parameters.Layers.Length);
        _watches = [.. _options.Detectors.Select(detector => detector.Start(context))];
    }

    public TrainingSummary Run(BatchSource training, BatchSource? validation, Random random)
    {
        using var optimizer = _options.Optimizer.Create(_parameters.Values);
        var best = new BestWeights(_module, _parameters, _options.EarlyStopping?.MinDelta ?? 0);
        var epoch = new EpochTotals();
        var ending = TrainingEnd.AllEpochs;
        while (epoch.Number < _options.Epochs && ending == TrainingEnd.AllEpochs)
        {
            if (!Train(training, epoch, optimizer, random))
                ending = TrainingEnd.Cancelled;
            else if (epoch.Taken == 0)
                throw new GradientStabilityException(
                    $"Training ended in epoch {epoch.Number}: not one step could be taken, every loss or gradient was NaN or infinite.", _findings);
            else if (validation is null)
                _reporter.EpochEnded(Progress(epoch));
            else
            {
                var (loss, accuracy) = Judge(validation);
                best.Offer(epoch.Number, loss, accuracy);
                _reporter.EpochEnded(Progress(epoch) with { ValidationLoss = loss, ValidationAccuracy = accuracy });
                if (best.EpochsWithoutImprovement >= _options.EarlyStopping?.Patience)
                    ending = TrainingEnd.StoppedEarly;
            }
        }
        best.Restore();
        return new TrainingSummary
        {
            End = ending,
            Epochs = epoch.Number,
            BestEpoch = best.Epoch == 0 ? epoch.Number : best.Epoch,
            Steps = epoch.Step,
            Loss = epoch.MeanLoss,
            ValidationLoss = best.Epoch == 0 ? null : best.Loss,
            ValidationAccuracy = best.Accuracy,
            Findings = _findings,
            Duration = _clock.Elapsed,
        };
    }

    /// <summary>One epoch; <see langword="false"/> where it was cancelled.</summary>
    private bool Train(BatchSource training, EpochTotals epoch, optim.Optimizer optimizer, Random random)
    {
        epoch.Begin(epoch.Number + 1);
        training.Begin(_options.Shuffle ? random : null);
        _module.train();
        var steps = (double)_options.Epochs * training.Batches;
        optim.ILearningRateController[] groups = [.. optimizer.ParamGroups];
        while (!_options.CancellationToken.IsCancellationRequested)
        {
            using var scope = NewDisposeScope();
            if (!training.Next(out var batch))
                return true;
            foreach (var group in groups)
                group.LearningRate = _options.Optimizer.LearningRate * _options.Schedule.Factor(epoch.Step / steps);
            Step(batch, epoch, optimizer);
        }
        return false;
    }

    private void Step(in Batch batch, EpochTotals epoch, optim.Optimizer optimizer)
    {
        _parameters.Gradients.zero_();
        var loss = _objective.Loss(_module, batch);
        loss.backward();

        _observation.Read(epoch.Number, ++epoch.Step, loss.item<float>(), _parameters);
        Diagnose(epoch);

        if (_observation.IsFinite)
        {
            if (_options.Clipping.Clip(_parameters.Gradients, _observation.Norm))
                epoch.Clipped++;
            optimizer.step();
            epoch.Count(_observation.Loss);
        }
        if (_reporter.WantsStep(epoch.Step))
            _reporter.Step(Progress(epoch));
    }

    private void Diagnose(EpochTotals epoch)
    {
        foreach (var watch in _watches)
        {
            if (watch.Inspect(_observation) is not { } finding)
                continue;
            _findings.Add(finding);
            _reporter.Found(Progress(epoch) with { Finding = finding });
            if (_options.Stability.Ends(finding))
                throw new GradientStabilityException($"Training ended at step {finding.Step} (epoch {finding.Epoch}).", _findings);
        }
    }

    /// <summary>Mean loss and, of classes, share of correct rows, in evaluation mode.</summary>
    private (double Loss, double? Accuracy) Judge(BatchSource rows)
    {
        using var frozen = no_grad();
        _module.eval();
        double losses = 0, lossWeights = 0, correct = 0, rowWeights = 0;
        var classes = false;
        rows.Begin(shuffle: null);
        while (true)
        {
            using var scope = NewDisposeScope();
            if (!rows.Next(out var batch))
                break;
            var weight = _objective.Weight(batch);
            lossWeights += weight;
            var (loss, isCorrect) = _objective.Judge(_module, batch);
            losses += weight * loss.item<float>();
            if (isCorrect is { } right)
            {
                classes = true;
                correct += batch.Weights is null ? right.sum().item<long>() : (right.to(float32) * batch.Weights).sum().item<float>();
                rowWeights += batch.Weights?.sum().item<float>() ?? right.shape[0];
            }
        }
        return (losses / lossWeights, classes ? correct / rowWeights : null);
    }

    private TrainingProgress Progress(EpochTotals epoch)
    {
        var layers = new LayerGradient[_parameters.Layers.Length];
        for (var l = 0; l < layers.Length; l++)
            layers[l] = new LayerGradient(_parameters.Layers[l].Title, _observation.LayerNorms[l]);
        return new TrainingProgress
        {
            Epoch = epoch.Number,
            Epochs = _options.Epochs,
            Step = epoch.Step,
            Loss = epoch.MeanLoss,
            GradientNorm = _observation.Norm,
            Layers = layers,
            ClippedShare = epoch.Taken == 0 ? 0 : (double)epoch.Clipped / epoch.Taken,
            Elapsed = _clock.Elapsed,
        };
    }

    /// <summary>What adds up over the steps of an epoch; the step number runs on.</summary>
    private sealed class EpochTotals
    {
        private double _lossSum;

        public int Number { get; private set; }
        public long Step { get; set; }
        public int Taken { get; private set; }
        public int Clipped { get; set; }
        public double MeanLoss => _lossSum / Taken;

        public void Begin(int number) => (Number, _lossSum, Taken, Clipped) = (number, 0, 0, 0);

        public void Count(double loss)
        {
            _lossSum += loss;
            Taken++;
        }
    }
}
