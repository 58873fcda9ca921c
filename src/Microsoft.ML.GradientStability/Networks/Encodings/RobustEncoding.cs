using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Robust scaling with smooth clipping (Holzmüller, Grinsztajn and Steinwart 2024, RealMLP): z = (x − median)/(q₇₅ − q₂₅), or, where the
/// quartiles are equal, 2·(x − median)/(greatest − least), and z/√(1 + (z/3)²), which stays within ±3.
/// </summary>
public sealed record RobustEncoding : InputEncoding
{
    private const float Reach = 3;

    [JsonConstructor]
    internal RobustEncoding() { }

    internal override InputCode Fit(FeatureSample features)
    {
        float[] median = new float[features.Features], scale = new float[features.Features];
        for (var i = 0; i < features.Features; i++)
        {
            var sorted = features.Of(i).Sorted;
            median[i] = FeatureSample.Quantile(sorted, 0.5);
            var spread = FeatureSample.Quantile(sorted, 0.75) - FeatureSample.Quantile(sorted, 0.25);
            spread = spread > 0 ? spread : (sorted[^1] - sorted[0]) / 2;
            scale[i] = spread > 1 / float.MaxValue ? 1 / spread : 0;
        }
        return new Code(median, scale);
    }

    internal override InputCode? Read(int features, Func<string, Array?> constants) =>
        constants($"{InputCode.Name}.median") is float[] median && constants($"{InputCode.Name}.scale") is float[] scale ? new Code(median, scale) : null;

    /// <summary>Its name.</summary>
    public override string ToString() => nameof(Robust);

    private sealed record Code(float[] Median, float[] Scale) : InputCode(Median.Length, Median.Length)
    {
        public override Encoder CreateModule() => new Clipping(Median, Scale);
    }

    private sealed class Clipping : InputCode.Encoder
    {
        private static readonly TorchSharp.Scalar s_reach = Reach;
        private static readonly TorchSharp.Scalar s_one = 1f;

        private readonly Tensor _median;
        private readonly Tensor _scale;

        public Clipping(float[] median, float[] scale)
        {
            (Median, Scale) = (median, scale);
            (_median, _scale) = (tensor(median, device: CPU), tensor(scale, device: CPU));
            register_buffer("median", _median);
            register_buffer("scale", _scale);
        }

        public float[] Median { get; }

        public float[] Scale { get; }

        public override Tensor forward(Tensor input)
        {
            var z = (input - _median).mul_(_scale);
            return z / z.div(s_reach).square().Plus(s_one).sqrt_();
        }

        public override ForwardPass WriteOut() => new Rowwise(this);

        public override string WriteOnnx(OnnxGraph graph, string input)
        {
            var centred = graph.Add("Sub", [input, graph.Constant("encoding.median", _median)], "encoding.centred");
            var scaled = graph.Add("Mul", [centred, graph.Constant("encoding.scale", _scale)], "encoding.scaled");
            var share = graph.Add("Div", [scaled, graph.Constant("encoding.reach", Reach)], "encoding.share");
            var squares = graph.Add("Mul", [share, share], "encoding.squares");
            var shifted = graph.Add("Add", [squares, graph.Constant("encoding.one", 1)], "encoding.shifted");
            return graph.Add("Div", [scaled, graph.Add("Sqrt", [shifted], "encoding.root")], "encoding.clipped");
        }
    }

    private sealed class Rowwise(Clipping clipping) : ForwardPass
    {
        private readonly float[] _median = clipping.Median;
        private readonly float[] _scale = clipping.Scale;
        private readonly Block _output = new(clipping.Median.Length);
        private readonly float[] _root = new float[clipping.Median.Length];

        public override Block Forward(Block input)
        {
            _output.Of(input.Rows);
            for (var r = 0; r < input.Rows; r++)
            {
                var z = _output.RowValues(r);
                TensorPrimitives.Subtract(input.RowValues(r), _median, z);
                TensorPrimitives.Multiply(z, _scale, z);
                TensorPrimitives.Divide(z, Reach, _root);
                TensorPrimitives.Multiply(_root, _root, _root);
                TensorPrimitives.Add(_root, 1f, _root);
                TensorPrimitives.Sqrt(_root, _root);
                TensorPrimitives.Divide(z, _root, z);
            }
            return _output;
        }
    }
}
