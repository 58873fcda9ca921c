using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary><see cref="MemberMap"/> written out: for each member's rows what <see cref="LinearMap"/> does for all.</summary>
/// <param name="map">The maps, side by side (members·units × inputs).</param>
/// <param name="members">Members.</param>
/// <param name="weights">Their weights.</param>
internal sealed unsafe class MemberProduct(WeightMap map, int members, WrittenWeights weights) : Pass
{
    private readonly TiledProduct _product = new(get_num_threads());
    private readonly Learned? _bias = map.Bias is { } bias ? new(bias) : null;
    private readonly Block _output = new((int)map.Weight.shape[0] / members);
    private readonly Block _gradient = new((int)map.Weight.shape[1]);
    private Block _input = null!;

    public override Block Forward(Block input, bool training)
    {
        _input = input;
        weights.Compute(training);
        _output.Of(input.Rows);
        for (var member = 0; member < members; member++)
        {
            var rows = _output.Part(member, members);
            _product.Multiply(input.Part(member, members), Weights(weights.Values, member).Transposed, rows);
            if (_bias is { } bias)
                RowLoops.AddToEach(rows, bias.Values + member * _output.Width);
        }
        return _output;
    }

    public override Block Backward(Block gradient, bool toInput = true)
    {
        _gradient.Of(gradient.Rows);
        for (var member = 0; member < members; member++)
        {
            var rows = gradient.Part(member, members);
            if (_bias is { } bias)
                RowLoops.AddSum(rows, bias.Gradients + member * _output.Width);
            _product.Multiply(rows.Transposed, _input.Part(member, members), Weights(weights.Gradients, member), add: true);
            if (toInput)
                _product.Multiply(rows, Weights(weights.Values, member), _gradient.Part(member, members));
        }
        weights.Differentiate();
        return _gradient;
    }

    private Matrix Weights(float* start, int member) =>
        new(start + (nint)member * _output.Width * _gradient.Width, _output.Width, _gradient.Width, _gradient.Width);
}
