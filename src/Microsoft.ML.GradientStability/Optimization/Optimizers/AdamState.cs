namespace Microsoft.ML.GradientStability;

/// <summary>
/// <see cref="AdamOptimizer"/>, or with a decay <see cref="AdamWOptimizer"/>, at work over the parts that a step moves. Every part, a slot's weights
/// or a whole parameter, has a step number t of its own that counts the steps that moved it, and moments of their gradients alone. A word that is
/// first met late so starts as one that is met at once; PyTorch's SparseAdam, which corrects the bias of all moments by the number of all steps,
/// would move it three times as far.
/// </summary>
internal sealed class AdamState(FlatParameters parameters, double beta1, double beta2, double epsilon, bool amsGrad = false, double weightDecay = 0) : Optimizer.State
{
    private readonly FlatMemory _first = parameters.Remember();
    private readonly FlatMemory _second = parameters.Remember();
    private readonly FlatMemory _greatest = amsGrad ? parameters.Remember() : FlatParameters.Nothing;
    private readonly int[] _steps = new int[parameters.Parts];

    public override void Step(double learningRate)
    {
        // All in one part, biases too, which do not decay.
        if (parameters.IsOnDevice && weightDecay > 0)
            WeightDecayRegularizer.Shrink(parameters, learningRate * weightDecay);
        var weights = parameters.Weights;
        var gradients = parameters.UnscaledGradients;
        foreach (var part in parameters.Steps)
        {
            var steps = ++_steps[part.Index];
            var step = new AdamStep(beta1, beta2, learningRate / (1 - Math.Pow(beta1, steps)), 0, 1 / Math.Sqrt(1 - Math.Pow(beta2, steps)), epsilon,
                part.IsWeight ? 1 - learningRate * weightDecay : 1, amsGrad);
            step.Take(weights.Slice(part.Offset, part.Length), gradients.Slice(part.GradientOffset, part.Length), parameters.Scale,
                _first.Slice(part.Offset, part.Length), _second.Slice(part.Offset, part.Length), _greatest.Slice(part.Offset, part.Length));
        }
    }
}
