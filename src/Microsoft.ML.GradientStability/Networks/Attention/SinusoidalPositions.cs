using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Added to number i of step t: sin(t·10000^(−i/width)) where i is even, cos(t·10000^(−(i − 1)/width)) where it is odd (Vaswani et al. 2017,
/// "Attention is all you need"), over √width, so that a step's is about as long as an embedded token.
/// </summary>
public sealed record SinusoidalPositions : PositionEncoding
{
    [JsonConstructor]
    internal SinusoidalPositions() { }

    internal override NetworkPart CreatePart(InputShape shape, int width, in Origin origin) => new Added(shape.Length, shape.VariesInLength, width);

    private sealed class Added : NetworkPart
    {
        private readonly Tensor _table;
        private readonly bool _varies;

        public Added(int steps, bool varies, int width) : base("positions")
        {
            _varies = varies;
            var values = new float[steps * width];
            for (var step = 0; step < steps; step++)
                for (var i = 0; i < width; i++)
                {
                    var angle = step * Math.Pow(10000, -(i - i % 2) / (double)width);
                    values[step * width + i] = (float)((i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle)) / Math.Sqrt(width));
                }
            _table = tensor(values, [steps, width], device: CPU);
            register_buffer("table", _table);
        }

        public override IReadOnlyList<Layer> Layers => [];

        public override Tensor forward(Tensor input) => input.Plus(FirstSteps.Of(_table, input));

        public override Tensor LinearOutput(Layer layer, Tensor input) => input;

        public override string WriteOnnx(OnnxGraph graph, string input, string path) => WriteAdd(graph, input, graph.Constant($"{path}.table", _table), _varies, path);
    }
}
