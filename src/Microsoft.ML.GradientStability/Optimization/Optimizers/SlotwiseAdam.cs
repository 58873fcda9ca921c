using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// <see cref="AdamOptimizer"/> over the parts that a step moves. Every part, a slot's weights or a whole parameter, has a step number t of
/// its own that counts the steps that moved it, and moments of their gradients alone. A word that is first met late so starts as one that is
/// met at once; PyTorch's SparseAdam, which corrects the bias of all moments by the number of all steps, would move it three times as far.
/// </summary>
internal sealed class SlotwiseAdam(FlatParameters parameters, double beta1, double beta2, double epsilon, bool amsGrad) : Optimizer.State
{
    private readonly float[] _first = new float[parameters.ValueSpan.Length];
    private readonly float[] _second = new float[parameters.ValueSpan.Length];
    private readonly float[] _greatest = amsGrad ? new float[parameters.ValueSpan.Length] : [];
    private readonly int[] _steps = new int[parameters.Parts];
    private readonly float[] _work = new float[parameters.LongestPart];

    public override void Step(double learningRate)
    {
        var values = parameters.ValueSpan;
        var gradients = parameters.GradientSpan;
        foreach (var part in parameters.Moved)
        {
            var steps = ++_steps[part.Index];
            var gradient = gradients.Slice(part.GradientOffset, part.Length);
            var first = _first.AsSpan(part.Offset, part.Length);
            var second = _second.AsSpan(part.Offset, part.Length);
            var work = _work.AsSpan(0, part.Length);
            TensorPrimitives.Lerp(first, gradient, (float)(1 - beta1), first);
            TensorPrimitives.Multiply(gradient, gradient, work);
            TensorPrimitives.Lerp(second, work, (float)(1 - beta2), second);
            if (amsGrad)
            {
                var greatest = _greatest.AsSpan(part.Offset, part.Length);
                TensorPrimitives.Max(greatest, second, greatest);
                second = greatest;
            }

            // m̂/(√v̂ + ε) is m/(√v + ε·√(1 − β₂ᵗ)) times √(1 − β₂ᵗ)/(1 − β₁ᵗ).
            var root = Math.Sqrt(1 - Math.Pow(beta2, steps));
            TensorPrimitives.Sqrt(second, work);
            TensorPrimitives.Add(work, (float)(epsilon * root), work);
            TensorPrimitives.Divide(first, work, work);
            var weights = values.Slice(part.Offset, part.Length);
            TensorPrimitives.MultiplyAdd(work, (float)(-learningRate * root / (1 - Math.Pow(beta1, steps))), weights, weights);
        }
    }
}
