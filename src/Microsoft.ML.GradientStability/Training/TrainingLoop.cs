using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Trains a classification network:
/// forward → loss → backward → observe the raw gradient → diagnose → act (stop, skip or clip) → step → report.
/// </summary>
internal sealed class TrainingLoop
{
    private readonly DeepNetworkOptions _options;
    private readonly NetworkModule _module;
    private readonly FlatParameters _parameters;
    private readonly ProgressReporter _reporter;
    private readonly StepObservation _observation;
    private readonly Detector.Watch[] _watches;
    private readonly List<Finding> _findings = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public TrainingLoop(TrainingContext context, NetworkModule module, ProgressReporter reporter)
    {
        (_options, _parameters, _module, _reporter) = (context.Options, context.Parameters, module, reporter);
        _observation = new StepObservation(_parameters.Layers.Length);
        _watches = [.. _options.Detectors.Select(detector => detector.Start(context))];
    }

    public TrainingSummary Run(BatchTensors training, BatchTensors? validation, Random random)
    {
        using var optimizer = _options.Optimizer.Create(_parameters.Values);
        var epoch = new EpochTotals();
        (double Loss, double Accuracy)? judged = null;
        for (var number = 1; number <= _options.Epochs; number++)
        {
            epoch.Begin(number);
            training.Shuffle(random);
            _module.train();
            for (var batch = 0; batch < training.Count; batch++)
                Step(training, batch, epoch, optimizer);
            if (epoch.Taken == 0)
                throw new GradientStabilityException(
                    $"Training ended in epoch {number}: not one step could be taken, every loss or gradient was NaN or infinite.", _findings);

            judged = validation is null ? null : Judge(validation);
            _reporter.EpochEnded(Progress(epoch) with { ValidationLoss = judged?.Loss, ValidationAccuracy = judged?.Accuracy });
        }
        return new TrainingSummary
        {
            Epochs = _options.Epochs,
            Steps = epoch.Step,
            Loss = epoch.MeanLoss,
            ValidationLoss = judged?.Loss,
            ValidationAccuracy = judged?.Accuracy,
            Findings = _findings,
            Duration = _clock.Elapsed,
        };
    }

    private void Step(BatchTensors training, int batch, EpochTotals epoch, optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        var (features, labels) = training[batch];

        _parameters.Gradients.zero_();
        var loss = nn.functional.cross_entropy(_module.forward(features), labels);
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

    /// <summary>Mean loss and share of correct rows, in evaluation mode.</summary>
    private (double Loss, double Accuracy) Judge(BatchTensors rows)
    {
        using var frozen = no_grad();
        _module.eval();
        double loss = 0, correct = 0;
        for (var batch = 0; batch < rows.Count; batch++)
        {
            using var scope = NewDisposeScope();
            var (features, labels) = rows[batch];
            var logits = _module.forward(features);
            loss += nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).item<float>();
            correct += logits.argmax(1).eq(labels).sum().item<long>();
        }
        return (loss / rows.Rows, correct / rows.Rows);
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
