using System.Diagnostics;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Watches one fit: gathers the evidence, every step the cheap part and every so many steps all of it, lets the detectors judge it, and
/// says each thing once. It never changes a gradient, a weight or a random number.
/// </summary>
internal sealed class FitMonitor
{
    /// <summary>Healthy steps after which something is over.</summary>
    private const long UntilOver = 50;

    private readonly FlatParameters _parameters;
    private readonly FitEvidence _evidence;
    private readonly Detector.Watch[] _watches;
    private readonly int _interval;
    private readonly bool _histograms;
    private readonly ActivationLook[] _looks;
    private readonly TimeProbe? _time;
    private double[] _gradientOverTime = [];
    private readonly float[] _before;
    private readonly float[] _previousGradient;
    private readonly List<(Finding Finding, Detector.Watch Watch, bool IsOver)> _said = [];
    private readonly List<Finding> _new = [];
    private readonly List<Finding> _over = [];
    private long _step;
    private bool _full;
    private bool _hasPrevious;
    private GradientCosine _cosine;
    private long _ticks;
    private long _lookTicks;

    /// <param name="context">The fit.</param>
    /// <param name="module">Its network.</param>
    /// <param name="detectors">The rules.</param>
    /// <param name="interval">Steps between full looks, at least 1.</param>
    /// <param name="histograms">Whether full looks count magnitudes.</param>
    public FitMonitor(TrainingContext context, NetworkModule module, IReadOnlyList<Detector> detectors, int interval, bool histograms = false)
    {
        (_parameters, _evidence, _interval, _histograms) = (context.Parameters, context.Evidence, interval, histograms);
        _watches = [.. detectors.Select(detector => detector.Start(context))];
        _looks = [.. module.modules().OfType<Nonlinearity>().Distinct().Select(nonlinearity => new ActivationLook(nonlinearity))];
        _time = module.Time;
        _evidence.DeadUnits = layer => _looks[layer].DeadUnits();
        var weights = _parameters.SlotBySlot ? 0 : _parameters.Weights.Length;
        (_before, _previousGradient) = (new float[weights], new float[weights]);
    }

    /// <summary>All that was said, each with the last step at which it was seen, and whether it is over.</summary>
    public IReadOnlyList<Finding> Findings => [.. _said.Select(said => Now(said.Finding, said.Watch, _step))];

    /// <summary>What it took, besides reading the norms of gradients.</summary>
    public DiagnosticsCost Cost => new(Time(_ticks), Time(_lookTicks + _looks.Sum(look => look.Ticks)));

    /// <summary>Before a step runs forward: whether it gets a full look, the first and every so many.</summary>
    public void Begin(long step)
    {
        // Slot by slot, what a full look reads are the few weights that a step has, not layers.
        _full = !_parameters.SlotBySlot && (step == 1 || step % _interval == 0);
        if (_full)
            Switch(true);
    }

    /// <summary>Reads a step, before anything acts on its gradient; what is newly found, until the next call.</summary>
    public List<Finding> Observe(StepObservation step, int rows)
    {
        var start = Stopwatch.GetTimestamp();
        _new.Clear();
        _step = step.Step;
        _evidence.Observe(step);
        var looks = _full && step.IsFinite;
        if (_full)
            Switch(false);
        if (looks)
            Look(step, rows);
        _hasPrevious = !_parameters.SlotBySlot && step.Step % _interval == _interval - 1;
        if (_hasPrevious)
            _parameters.Gradients.CopyTo(_previousGradient);
        if (looks || _hasPrevious)
            start = Spent(ref _lookTicks, start);
        foreach (var watch in _watches)
        {
            Say(watch.Inspect(step), watch);
            if (looks)
                Say(watch.Look(step), watch);
        }
        Spent(ref _ticks, start);
        return _new;
    }

    /// <summary>What was said and is over now, because it was not seen for a while; once, and again where it had come back.</summary>
    public List<Finding> Over(long step)
    {
        _over.Clear();
        for (var i = 0; i < _said.Count; i++)
        {
            var (finding, watch, wasOver) = _said[i];
            var now = Now(finding, watch, step);
            _said[i] = (finding, watch, now.IsOver);
            if (now.IsOver && !wasOver)
                _over.Add(now);
        }
        return _over;
    }

    /// <summary>Before the weights move.</summary>
    public void Moving()
    {
        if (!_full)
            return;
        var start = Stopwatch.GetTimestamp();
        _parameters.Weights.CopyTo(_before);
        Spent(ref _lookTicks, start);
    }

    /// <summary>After they moved; the statistics of a step that had a full look.</summary>
    public StepStatistics? Moved(StepObservation step, double factor, double clippedNorm, bool clipped)
    {
        _evidence.Updated(step.Norm, clippedNorm, clipped, factor);
        if (!_full)
            return null;
        var start = Stopwatch.GetTimestamp();
        ReadOnlySpan<float> weights = _parameters.ValueSpan, gradients = _parameters.GradientSpan;
        var layers = new LayerStatistics[_parameters.Layers.Length];
        for (var l = 0; l < layers.Length; l++)
            layers[l] = Measure(l, step.LayerNorms[l], weights, gradients);
        _evidence.Moved(UpdateRatio.Of(_before, weights), FitEvidence.NormOfWeights(_parameters), layers, factor);
        var statistics = new StepStatistics(step.Step, step.Epoch, _cosine.Cosine, _cosine.NoiseScale, layers, [.. _evidence.Activations]) { GradientOverTime = _gradientOverTime };
        Spent(ref _lookTicks, start);
        return statistics;
    }

    /// <summary>Judges the whole fit.</summary>
    public List<Finding> End(FinalJudgement judgement, int epoch)
    {
        _new.Clear();
        _evidence.End = judgement;
        foreach (var watch in _watches)
            Say(watch.Ended(epoch), watch);
        return _new;
    }

    private void Look(StepObservation step, int rows)
    {
        _evidence.Activations = [.. _looks.Select(look => look.Last)];
        ReadOnlySpan<float> gradients = _parameters.GradientSpan;
        _cosine = _hasPrevious ? GradientCosine.Of(_previousGradient, gradients, rows) : default;
        _evidence.Cosine = _cosine.Cosine;
        _gradientOverTime = _time?.Take() ?? [];
        _evidence.Reached(TimeReach.Of(_gradientOverTime));
        if (step.Step > 1)
            return;
        _evidence.FirstActivations = _evidence.Activations;
        foreach (var parameter in _parameters.Parameters)
            if (parameter.IsWeight && parameter.Layer >= _parameters.Doors && parameter.Layer < _parameters.Layers.Length - 1)
                _evidence.UnitsAreAlike |= UnitGradients.AreAlike(gradients.Slice(parameter.Offset, parameter.Length), parameter.Rows);
    }

    private void Switch(bool on)
    {
        foreach (var look in _looks)
            look.IsOn = on;
        if (_time is not null)
            _time.IsOn = on;
    }

    private LayerStatistics Measure(int number, double norm, ReadOnlySpan<float> weights, ReadOnlySpan<float> gradients)
    {
        var layer = _parameters.Layers[number];
        var weight = _parameters.Parameters.First(parameter => parameter.Layer == number && parameter.IsWeight);
        var own = gradients.Slice(layer.Offset, layer.Length);
        var shares = ValueShares.Of(own);
        var after = weights.Slice(layer.Offset, layer.Length);
        return new LayerStatistics(norm, shares.Greatest, shares.Zero, L2Norm.Of(after), UpdateRatio.Of(_before.AsSpan(layer.Offset, layer.Length), after))
        {
            SilentUnits = UnitGradients.WithoutGradient(gradients.Slice(weight.Offset, weight.Length), weight.Rows),
            Gradients = _histograms ? Histogram.Of(own) : null,
            Weights = _histograms ? Histogram.Of(after) : null,
        };
    }

    /// <summary>What has a cause that was named already is said again only when it gets worse.</summary>
    private void Say(Finding? finding, Detector.Watch watch)
    {
        if (finding is null || _said.Exists(said => said.Finding.CauseName == finding.CauseName && said.Finding.Severity >= finding.Severity))
            return;
        _said.Add((finding, watch, false));
        _new.Add(finding);
    }

    /// <summary>A finding as it is at a step.</summary>
    private static Finding Now(Finding finding, Detector.Watch watch, long step)
    {
        var last = Math.Max(finding.Step, watch.LastSeen);
        return finding with { LastStep = last, IsOver = watch.LastSeen > 0 && step - last >= UntilOver };
    }

    private static long Spent(ref long ticks, long start)
    {
        var now = Stopwatch.GetTimestamp();
        ticks += now - start;
        return now;
    }

    private static TimeSpan Time(long ticks) => TimeSpan.FromSeconds((double)ticks / Stopwatch.Frequency);
}
