using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Watches one fit: gathers the evidence, every step the cheap part and every so many steps all of it, lets the detectors judge it, and
/// says each thing once. It never changes a gradient, a weight or a random number.
/// </summary>
internal sealed class FitMonitor
{
    private readonly FlatParameters _parameters;
    private readonly FitEvidence _evidence;
    private readonly Detector.Watch[] _watches;
    private readonly int _interval;
    private readonly Probe[] _probes;
    private readonly float[] _before;
    private readonly float[] _previousGradient;
    private readonly List<Finding> _said = [];
    private bool _full;
    private bool _hasPrevious;
    private GradientCosine _cosine;

    /// <param name="context">The fit.</param>
    /// <param name="module">Its network.</param>
    /// <param name="detectors">The rules.</param>
    /// <param name="interval">Steps between full looks, at least 1.</param>
    public FitMonitor(TrainingContext context, NetworkModule module, IReadOnlyList<Detector> detectors, int interval)
    {
        (_parameters, _evidence, _interval) = (context.Parameters, context.Evidence, interval);
        _watches = [.. detectors.Select(detector => detector.Start(context))];
        var range = ((FeedForwardNetwork)context.Options.Network).Activation.Range;
        _probes = [.. module.modules().OfType<Nonlinearity>().Distinct().Select(nonlinearity => new Probe(nonlinearity, range))];
        var weights = _parameters.SlotBySlot ? 0 : _parameters.ValueSpan.Length;
        (_before, _previousGradient) = (new float[weights], new float[weights]);
        History = new TrainingHistory([.. _parameters.Layers.Select(layer => layer.Title)]);
    }

    public TrainingHistory History { get; }

    /// <summary>Before a step runs forward: whether it gets a full look, the first and every so many.</summary>
    public void Begin(long step)
    {
        // Slot by slot, what a full look reads are the few weights that a step has, not layers.
        _full = !_parameters.SlotBySlot && (step == 1 || step % _interval == 0);
        Switch(_full);
    }

    /// <summary>Reads a step, before anything acts on its gradient; what is newly found.</summary>
    public IEnumerable<Finding> Observe(StepObservation step, int rows)
    {
        _evidence.Observe(step);
        Switch(false);
        if (_full && step.IsFinite)
            Look(step, rows);
        if (!_parameters.SlotBySlot && step.Step % _interval == _interval - 1)
            _parameters.GradientSpan.CopyTo(_previousGradient);
        _hasPrevious = step.Step % _interval == _interval - 1;
        foreach (var watch in _watches)
            if (watch.Inspect(step) is { } finding && IsNew(finding))
                yield return finding;
    }

    /// <summary>Before the weights move.</summary>
    public void Moving()
    {
        if (_full)
            _parameters.ValueSpan.CopyTo(_before);
    }

    /// <summary>After they moved.</summary>
    public void Moved(StepObservation step, double learningRate, double factor, double clippedNorm, bool clipped)
    {
        _evidence.Updated(step.Norm, clippedNorm, clipped, factor);
        if (!_full)
            return;
        _evidence.Moved(UpdateRatio.Of(_before, _parameters.ValueSpan), FitEvidence.NormOfWeights(_parameters));
        if (History.Wants(step.Step))
            History.Add(new StepRecord(step.Step, step.Epoch, step.Loss, learningRate, step.Norm, clippedNorm, _cosine.Cosine, _cosine.NoiseScale,
                [.. _parameters.Layers.Select((layer, l) => Record(layer, step.LayerNorms[l]))], [.. _evidence.Activations]));
    }

    /// <summary>Judges the whole fit.</summary>
    public IEnumerable<Finding> End(FinalJudgement judgement, int epoch)
    {
        _evidence.End = judgement;
        foreach (var watch in _watches)
            if (watch.Ended(epoch) is { } finding && IsNew(finding))
                yield return finding;
    }

    private void Look(StepObservation step, int rows)
    {
        _evidence.Activations = [.. _probes.Select(probe => probe.Last)];
        _cosine = _hasPrevious ? GradientCosine.Of(_previousGradient, _parameters.GradientSpan, rows) : default;
        if (step.Step > 1)
            return;
        _evidence.FirstActivations = _evidence.Activations;
        foreach (var parameter in _parameters.Parameters)
            if (parameter.IsWeight && parameter.Layer < _parameters.Layers.Length - 1)
                _evidence.UnitsAreAlike |= UnitGradients.AreAlike(_parameters.GradientSpan.Slice(parameter.Offset, parameter.Length), parameter.Rows);
    }

    private void Switch(bool on)
    {
        foreach (var probe in _probes)
            probe.IsOn = on;
    }

    private LayerRecord Record(FlatParameters.LayerSlice layer, double norm)
    {
        var shares = ValueShares.Of(_parameters.GradientsOf(layer));
        var after = _parameters.ValueSpan.Slice(layer.Offset, layer.Length);
        return new LayerRecord(norm, shares.Greatest, shares.Zero, L2Norm.Of(after), UpdateRatio.Of(_before.AsSpan(layer.Offset, layer.Length), after));
    }

    /// <summary>What has a cause that was named already is said again only when it gets worse.</summary>
    private bool IsNew(Finding finding)
    {
        if (_said.Any(said => said.CauseName == finding.CauseName && said.Severity >= finding.Severity))
            return false;
        _said.Add(finding);
        return true;
    }

    private sealed class Probe : ActivationProbe
    {
        private readonly Nonlinearity _nonlinearity;
        private readonly (double, double) _range;
        private float[] _least = [];
        private float[] _greatest = [];

        public Probe(Nonlinearity nonlinearity, (double, double) range) => (_nonlinearity, _range) = (nonlinearity, range);

        public bool IsOn { set => _nonlinearity.Probe = value ? this : null; }

        public ActivationStatistics Last { get; private set; }

        public override void Read(torch.Tensor output)
        {
            var units = (int)output.shape[1];
            if (_least.Length != units)
                (_least, _greatest) = (new float[units], new float[units]);
            Last = ActivationStatistics.Of(MemoryMarshal.Cast<byte, float>(output.bytes), units, _range, _least, _greatest);
        }
    }
}
