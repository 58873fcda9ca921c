using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary><see cref="SgdOptimizer"/> without momentum over the parts that a step moves: the others have no gradient, and stay by its formula.</summary>
internal sealed class SlotwiseSgd(FlatParameters parameters) : Optimizer.State
{
    public override void Step(double learningRate)
    {
        var values = parameters.ValueSpan;
        var gradients = parameters.GradientSpan;
        foreach (var part in parameters.Moved)
        {
            var weights = values.Slice(part.Offset, part.Length);
            TensorPrimitives.MultiplyAdd(gradients.Slice(part.GradientOffset, part.Length), (float)-learningRate, weights, weights);
        }
    }
}
