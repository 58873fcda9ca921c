using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>γ·z + β with z the <see cref="Standardizing"/> of each group of neighbouring units of a row: layer normalization with one group.</summary>
/// <param name="groups">Groups, a divisor of the units.</param>
/// <param name="units">Units.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="scale">γ, one a unit or one a group; <see langword="null"/> where there is none.</param>
/// <param name="shift">β, as γ.</param>
internal sealed unsafe class GroupPass(int groups, int units, double epsilon, Learned? scale, Learned? shift) : Pass
{
    private readonly int _size = units / groups;
    private readonly Block _normalized = new(units);
    private readonly Block? _output = scale is null ? null : new Block(units);
    private float[] _deviations = [];

    public override Block Forward(Block input, bool training)
    {
        var rows = input.Rows;
        if (_deviations.Length < rows * groups)
            _deviations = new float[rows * groups];
        _normalized.Of(rows);
        for (var group = 0; group < rows * groups; group++)
            _deviations[group] = Standardizing.Forward(Group(input, group), Group(_normalized, group), epsilon);
        if (_output is null)
            return _normalized;
        _output.Of(rows);
        var (gamma, beta) = (scale!.Value, shift!.Value);
        if (gamma.Length == units)
            for (var row = 0; row < rows; row++)
                TensorPrimitives.MultiplyAdd(_normalized.RowValues(row), Numbers(gamma.Values), Numbers(beta.Values), _output.RowValues(row));
        else
            for (var group = 0; group < rows * groups; group++)
            {
                var y = Group(_output, group);
                TensorPrimitives.Multiply(Group(_normalized, group), gamma.Values[group % groups], y);
                TensorPrimitives.Add(y, beta.Values[group % groups], y);
            }
        return _output;
    }

    public override Block Backward(Block gradient, bool toInput = true)
    {
        var count = gradient.Rows * groups;
        if (scale is { } gamma && gamma.Length == units)
        {
            RowLoops.AddProductSum(gradient, _normalized, gamma.Gradients);
            RowLoops.AddSum(gradient.Matrix, shift!.Value.Gradients);
            for (var row = 0; row < gradient.Rows; row++)
                TensorPrimitives.Multiply(gradient.RowValues(row), Numbers(gamma.Values), gradient.RowValues(row));
        }
        else if (scale is { } ofGroups)
            for (var group = 0; group < count; group++)
            {
                var g = Group(gradient, group);
                ofGroups.Gradients[group % groups] += TensorPrimitives.Dot(g, Group(_normalized, group));
                shift!.Value.Gradients[group % groups] += TensorPrimitives.Sum<float>(g);
                TensorPrimitives.Multiply(g, ofGroups.Values[group % groups], g);
            }
        for (var group = 0; group < count; group++)
            Standardizing.Backward(Group(gradient, group), Group(_normalized, group), _deviations[group]);
        return gradient;
    }

    /// <summary>A group of a row, the groups of all rows counted.</summary>
    private Span<float> Group(Block block, int group) => new(block.Start + (nint)group * _size, _size);

    private ReadOnlySpan<float> Numbers(float* start) => new(start, units);
}
