using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Looks at a fit before its first step: takes the gradient of one batch, and finds the greatest eigenvalue λ of its Hessian H by
/// power iteration, v ← H·v/‖H·v‖ with H·v ≈ (g(w + ε·v) − g(w − ε·v))/2ε (Pearlmutter 1994; LeCun, Simard and Pearlmutter 1993).
/// </summary>
internal sealed class Preflight(TrainingContext context, NetworkModule module, FitRandom random)
{
    private const int Iterations = 12;

    public Inspection Run(BatchSource training, IReadOnlyList<Detector> detectors)
    {
        using var scope = NewDisposeScope();
        training.Begin(shuffle: null);
        training.Next(out var batch);
        module.train();
        var monitor = new FitMonitor(context, module, detectors, interval: 1);
        var observation = new StepObservation(context.Parameters.Layers.Length, context.Parameters.Doors);
        monitor.Begin(1);
        var loss = Gradient(batch);
        observation.Read(1, 1, loss, context.Parameters);
        List<Finding> findings = [.. monitor.Observe(observation, (int)batch.Features.shape[0])];
        var curvature = observation.IsFinite ? Curvature(batch) : double.NaN;
        if (CurvatureRule.Judge(curvature, loss, context) is { } tooHigh)
            findings.Add(tooHigh);
        return new Inspection
        {
            Loss = loss,
            LossOfGuessing = context.Objective.LossOfGuessing,
            Gradients = [.. context.Parameters.Layers.Select((layer, l) => new LayerGradient(layer.Title, observation.LayerNorms[l]))],
            Activations = context.Evidence.Activations,
            DepthFactor = context.Evidence.FirstDepthFactor,
            Curvature = curvature,
            Features = (context.Evidence.Data.Varying, context.Evidence.Data.Features),
            Findings = findings,
        };
    }

    private double Curvature(Batch batch)
    {
        var parameters = context.Parameters;
        var (weights, forward) = (parameters.ToArray(), new float[parameters.ValueSpan.Length]);
        var direction = parameters.GradientSpan.ToArray();
        var step = 1e-3 * Math.Max(1e-3, L2Norm.Of(weights));
        var eigenvalue = 0.0;
        for (var i = 0; i < Iterations; i++)
        {
            var length = L2Norm.Of(direction);
            if (length == 0 || !double.IsFinite(length))
                return length;
            At(step / length);
            parameters.GradientSpan.CopyTo(forward);
            At(-step / length);
            var backward = parameters.GradientSpan;
            var product = 0.0;
            for (var k = 0; k < direction.Length; k++)
            {
                var curved = (forward[k] - backward[k]) / (2 * step);
                product += curved * (direction[k] / length);
                forward[k] = (float)curved;
            }
            eigenvalue = product;
            forward.CopyTo(direction, 0);
        }
        parameters.CopyFrom(weights);
        return eigenvalue;

        void At(double factor)
        {
            var values = parameters.ValueSpan;
            for (var k = 0; k < values.Length; k++)
                values[k] = (float)(weights[k] + factor * direction[k]);
            Gradient(batch);
        }
    }

    /// <summary>With the same dropout every time, so that differences show the curvature alone.</summary>
    private double Gradient(Batch batch)
    {
        using var scope = NewDisposeScope();
        random.Begin(epoch: 1, step: 1);
        context.Parameters.ClearGradients();
        var loss = context.Objective.Loss(module, batch);
        loss.backward();
        return loss.item<float>();
    }
}
