using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>A learned vector for every step, added to it (Gehring et al. 2017, "Convolutional sequence to sequence learning").</summary>
public sealed record LearnedPositions : PositionEncoding
{
    [JsonConstructor]
    internal LearnedPositions() { }

    internal override NetworkPart CreatePart(InputShape shape, int width, in Origin origin) => new Added(shape.Length, shape.VariesInLength, width, origin);

    private sealed class Added : Layer
    {
        private readonly Parameter _weight;
        private readonly bool _varies;

        public Added(int steps, bool varies, int width, in Origin origin) : base("positions", steps, width)
        {
            _varies = varies;
            Title = $"positions ({steps}→{width})";
            _weight = new Parameter(empty([steps, width], dtype: ScalarType.Float32, device: CPU));
            register_parameter("weight", _weight);
            Initializer.InitializeEntries(_weight, origin);
        }

        public override double SquaredWeightNorm()
        {
            using var scope = NewDisposeScope();
            return _weight.square().sum().item<float>();
        }

        public override void ScaleWeights(double factor)
        {
            using var scope = NewDisposeScope();
            _weight.mul_((TorchSharp.Scalar)factor);
        }

        public override Tensor forward(Tensor input) => input.Plus(FirstSteps.Of(_weight, input));

        public override Tensor LinearOutput(Layer layer, Tensor input) => forward(input);

        public override string WriteOnnx(OnnxGraph graph, string input, string path) => WriteAdd(graph, input, graph.Constant($"{path}.weight", _weight), _varies, path);
    }
}
