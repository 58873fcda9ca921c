using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>x·Wᵀ + b of rows (batch × inputs), or of every step of sequences (batch × steps × inputs).</summary>
/// <param name="inputs">Width of the input.</param>
/// <param name="units">Width of the output.</param>
/// <param name="hasBias">Whether there is a b.</param>
/// <param name="ofSteps">Whether it is applied to sequences.</param>
internal sealed class LinearMap(int inputs, int units, bool hasBias, bool ofSteps = false) : WeightMap("linear", inputs, units, hasBias)
{
    public override Tensor Apply(Tensor input, Tensor weight) => nn.functional.linear(input, weight, Bias);

    public override string WriteOnnx(OnnxGraph graph, string input, string weight, string path)
    {
        if (!ofSteps)
            return graph.Add("Gemm", Bias is null ? [input, weight] : [input, weight, graph.Constant($"{path}.bias", Bias)], path, ("transB", 1));
        var product = graph.Add("MatMul", [input, graph.Add("Transpose", [weight], $"{path}.transposed", ("perm", new[] { 1, 0 }))], $"{path}.product");
        return Bias is null ? product : graph.Add("Add", [product, graph.Constant($"{path}.bias", Bias)], path);
    }

    public override Pass? WriteOut(WrittenWeights weights) => ofSteps ? null : new Product(this, weights);

    /// <summary>With G = ∂L/∂y: ∂L/∂W = Gᵀ·x, ∂L/∂b = Σ G over the rows, ∂L/∂x = G·W.</summary>
    private sealed unsafe class Product(LinearMap map, WrittenWeights weights) : Pass
    {
        private readonly TiledProduct _product = new(get_num_threads());
        private readonly Learned? _bias = map.Bias is { } bias ? new(bias) : null;
        private readonly Block _output = new((int)map.Weight.shape[0]);
        private readonly Block _gradient = new((int)map.Weight.shape[1]);
        private Block _input = null!;

        public override Block Forward(Block input, bool training)
        {
            _input = input;
            weights.Compute(training);
            _output.Of(input.Rows);
            _product.Multiply(input.Matrix, Weights(weights.Values).Transposed, _output.Matrix);
            if (_bias is { } bias)
                RowLoops.AddToEach(_output.Matrix, bias.Values);
            return _output;
        }

        public override Block Backward(Block gradient, bool toInput = true)
        {
            if (_bias is { } bias)
                RowLoops.AddSum(gradient.Matrix, bias.Gradients);
            _product.Multiply(gradient.Matrix.Transposed, _input.Matrix, Weights(weights.Gradients), add: true);
            weights.Differentiate();
            if (toInput)
                _product.Multiply(gradient.Matrix, Weights(weights.Values), _gradient.Of(gradient.Rows).Matrix);
            return _gradient;
        }

        private Matrix Weights(float* start) => new(start, _output.Width, _gradient.Width, _gradient.Width);
    }
}
