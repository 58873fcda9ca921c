using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// <see cref="AdagradOptimizer"/> whose rate does not decay, over the parts that a step moves: the others have no gradient, and stay by its
/// formula.
/// </summary>
internal sealed class SlotwiseAdagrad : Optimizer.State
{
    private readonly FlatParameters _parameters;
    private readonly float _epsilon;
    private readonly float[] _squares;
    private readonly float[] _work;

    public SlotwiseAdagrad(FlatParameters parameters, double initialAccumulator, double epsilon)
    {
        (_parameters, _epsilon) = (parameters, (float)epsilon);
        _squares = new float[parameters.ValueSpan.Length];
        _work = new float[parameters.LongestPart];
        if (initialAccumulator != 0)
            Array.Fill(_squares, (float)initialAccumulator);
    }

    public override void Step(double learningRate)
    {
        var values = _parameters.ValueSpan;
        var gradients = _parameters.GradientSpan;
        foreach (var part in _parameters.Moved)
        {
            var gradient = gradients.Slice(part.GradientOffset, part.Length);
            var squares = _squares.AsSpan(part.Offset, part.Length);
            var work = _work.AsSpan(0, part.Length);
            TensorPrimitives.MultiplyAdd(gradient, gradient, squares, squares);
            TensorPrimitives.Sqrt(squares, work);
            TensorPrimitives.Add(work, _epsilon, work);
            TensorPrimitives.Divide(gradient, work, work);
            var weights = values.Slice(part.Offset, part.Length);
            TensorPrimitives.MultiplyAdd(work, (float)-learningRate, weights, weights);
        }
    }
}
