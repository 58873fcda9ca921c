using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// x·Wᵀ + b, W (units × inputs), the b optional. LibTorch's own linear layer draws first weights from the generator that the whole process
/// shares; this one has none before an initializer sets them.
/// </summary>
internal sealed class LinearMap : nn.Module<Tensor, Tensor>, IWrittenOut
{
    public LinearMap(int inputs, int units, bool hasBias) : base("linear")
    {
        Weight = new Parameter(empty([units, inputs], dtype: ScalarType.Float32, device: CPU));
        register_parameter("weight", Weight);
        if (!hasBias)
            return;
        Bias = new Parameter(empty([units], dtype: ScalarType.Float32, device: CPU));
        register_parameter("bias", Bias);
    }

    public Parameter Weight { get; }

    public Parameter? Bias { get; }

    public override Tensor forward(Tensor input) => nn.functional.linear(input, Weight, Bias);

    public Pass WriteOut() => new Product(this);

    /// <summary>With G = ∂L/∂y: ∂L/∂W = Gᵀ·x, ∂L/∂b = Σ G over the rows, ∂L/∂x = G·W.</summary>
    private sealed unsafe class Product(LinearMap map) : Pass
    {
        private readonly TiledProduct _product = new(get_num_threads());
        private readonly Learned _weight = new(map.Weight);
        private readonly Learned? _bias = map.Bias is { } bias ? new(bias) : null;
        private readonly Block _output = new((int)map.Weight.shape[0]);
        private readonly Block _gradient = new((int)map.Weight.shape[1]);
        private Block _input = null!;

        public override Block Forward(Block input, bool training)
        {
            _input = input;
            _output.Of(input.Rows);
            _product.Multiply(input.Matrix, Weights(_weight.Values).Transposed, _output.Matrix);
            if (_bias is { } bias)
                RowLoops.AddToEach(_output.Matrix, bias.Values);
            return _output;
        }

        public override Block Backward(Block gradient, bool toInput = true)
        {
            if (_bias is { } bias)
                RowLoops.AddSum(gradient.Matrix, bias.Gradients);
            _product.Multiply(gradient.Matrix.Transposed, _input.Matrix, Weights(_weight.Gradients), add: true);
            if (toInput)
                _product.Multiply(gradient.Matrix, Weights(_weight.Values), _gradient.Of(gradient.Rows).Matrix);
            return _gradient;
        }

        private Matrix Weights(float* start) => new(start, _output.Width, _gradient.Width, _gradient.Width);
    }
}
