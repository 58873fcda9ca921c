using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// One step of training: forward → loss → backward → observe the raw gradient; then, where the loop lets it,
/// centralize → clip → penalize → decay → step → constrain → average.
/// </summary>
internal sealed class TrainingStep
{
    private readonly TrainingOptions _options;
    private readonly NetworkModule _module;
    private readonly FlatParameters _parameters;
    private readonly Objective _objective;
    private readonly FitRandom _random;
    private readonly int _threads;
    private readonly WrittenStep? _written;
    private readonly IReadOnlyList<RecurrentFlow> _flows;
    private readonly GradientClipper.State _clipping;
    private readonly Optimizer.State _optimizer;

    /// <param name="context">The fit.</param>
    /// <param name="module">Its network.</param>
    /// <param name="random">Its random numbers.</param>
    /// <param name="byGraph">Whether LibTorch's graph computes the gradient even where the network is written out.</param>
    public TrainingStep(TrainingContext context, NetworkModule module, FitRandom random, bool byGraph = false)
    {
        (_random, _threads) = (random, get_num_threads());
        (_options, _parameters, _objective, _module) = (context.Options, context.Parameters, context.Objective, module);
        Observation = new StepObservation(_parameters.Layers.Length, _parameters.Doors);
        _written = byGraph ? null : WrittenStep.Of(context, module);
        _clipping = _options.Clipping.Start(_parameters);
        _optimizer = _options.Optimizer.Start(_parameters);
        _flows = _options.Regularization.Any(regularizer => regularizer.WatchesFlow) ? module.Flows : [];
        foreach (var flow in _flows)
            flow.IsOn = true;
        Average = _options.EmaDecay is { } decay ? new WeightAverage(module, _parameters, decay) : null;
    }

    /// <summary>Whether the gradient is computed without LibTorch's graph.</summary>
    public bool IsWrittenOut => _written is not null;

    /// <summary>Loss and raw gradient of the last <see cref="Backward"/>.</summary>
    public StepObservation Observation { get; }

    /// <summary>The moving average of the weights; <see langword="null"/> where none is kept.</summary>
    public WeightAverage? Average { get; }

    /// <summary>Batches of the last <see cref="Backward"/>.</summary>
    public int Batches { get; private set; }

    /// <summary>L2 norm of the gradient that the optimizer got at the last <see cref="Update"/>, after clipping.</summary>
    public double ClippedNorm { get; private set; }

    /// <summary>Whether the last <see cref="Update"/> clipped the gradient.</summary>
    public bool Clipped { get; private set; }

    /// <summary>
    /// The gradient of the mean loss over the rows of the next batch, or of as many as are accumulated; <see langword="false"/> where
    /// the epoch has no more.
    /// </summary>
    public bool Backward(BatchSource rows, int epoch, long step)
    {
        _random.Begin(epoch, step);
        using var ofStep = NewDisposeScope();
        _parameters.ClearGradients();
        foreach (var flow in _flows)
            flow.Begin();
        double losses = 0, weights = 0;
        Tensor? onDevice = null;
        var taken = 0;
        for (; taken < _options.AccumulationSteps; taken++)
        {
            using var scope = NewDisposeScope();
            if (!rows.Next(out var batch))
                break;
            using var turn = Cores.Take(_threads);
            var weight = _options.AccumulationSteps == 1 ? 1 : _objective.Weight(batch);
            if (_written is not null)
                losses += weight * _written.Backward(batch, weight);
            else if (_parameters.IsOnDevice)
                onDevice = Sum(onDevice, ByGraph(batch, weight), weight).MoveToOuterDisposeScope();
            else
                losses += weight * ByGraph(batch, weight).item<float>();
            weights += weight;
        }
        Batches = taken;
        if (taken == 0)
            return false;
        if (weights != 1 && weights != 0)
            _parameters.Gradients.Divide((float)weights);
        var factor = weights == 0 ? 0 : 1 / weights;
        Observation.Read(epoch, step, weights == 0 ? 0 : losses / weights, _parameters, onDevice is null ? null : Sum(null, onDevice, factor));
        return true;
    }

    /// <summary>The loss of a batch; <paramref name="factor"/> times its gradient is added to the gradients of the parameters.</summary>
    private Tensor ByGraph(in Batch batch, double factor)
    {
        var loss = _objective.Loss(_module, batch);
        using Scalar scalar = factor;
        (factor == 1 ? loss : loss.mul(scalar)).backward();
        _parameters.CompleteGradients();
        foreach (var flow in _flows)
            flow.Collect();
        return loss.detach();
    }

    /// <summary>sum + weight·loss, on the device.</summary>
    private static Tensor Sum(Tensor? sum, Tensor loss, double weight)
    {
        using Scalar scalar = weight;
        return sum is null ? loss.mul(scalar) : sum.add(loss, scalar);
    }

    private double Norm() => _parameters.Gradients.Norm();

    /// <summary>Acts on the gradient and moves the weights.</summary>
    public void Update(double learningRate)
    {
        using var scope = NewDisposeScope();
        var norm = Observation.Norm;
        if (_options.CentralizeGradients)
        {
            GradientCentralization.Apply(_parameters);
            norm = Norm();
        }
        Clipped = _clipping.Clip(norm);
        ClippedNorm = !Clipped ? norm : _parameters.Scale != 1 ? norm * _parameters.Scale : Norm();

        var regularization = _options.Regularization;
        for (var i = 0; i < regularization.Count; i++)
        {
            regularization[i].Penalize(_parameters);
            regularization[i].Penalize(_parameters, _flows);
        }
        for (var i = 0; i < regularization.Count; i++)
            regularization[i].Decay(_parameters, learningRate);
        _optimizer.Step(learningRate);
        for (var i = 0; i < regularization.Count; i++)
            regularization[i].Constrain(_parameters);
        Average?.Update();
    }
}
