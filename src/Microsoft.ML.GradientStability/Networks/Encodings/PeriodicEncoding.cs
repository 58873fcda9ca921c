using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static System.FormattableString;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Learned periodic codes (Gorishniy, Rubachev and Babenko 2022, "On embeddings for numerical features in tabular deep learning"): a number x
/// stays, and beside it stand sin(2π·c_t·x) and cos(2π·c_t·x) for t = 1…T. The frequencies c are trained, each feature's for itself; they start in
/// equal steps up to <see cref="Greatest"/>.
/// </summary>
public sealed record PeriodicEncoding : InputEncoding
{
    private readonly int _frequencies = 8;
    private readonly double _greatest = 0.5;

    [JsonConstructor]
    internal PeriodicEncoding() { }

    /// <summary>T, in [1, 256]. Default 8.</summary>
    public int Frequencies
    {
        get => _frequencies;
        init
        {
            Check.That(value is >= 1 and <= 256, nameof(Frequencies), value, "it must be in [1, 256]");
            _frequencies = value;
        }
    }

    /// <summary>The greatest of the first frequencies, in periods a standard deviation of the feature, above 0. Default 0.5.</summary>
    public double Greatest { get => _greatest; init => _greatest = Check.Positive(value, nameof(Greatest)); }

    internal override InputCode Fit(FeatureSample features)
    {
        var first = Enumerable.Range(0, Frequencies).Select(t => (float)(Greatest * (t + 1) / Frequencies)).ToArray();
        return new Code(features.Features, [.. Enumerable.Repeat(first, features.Features).SelectMany(frequencies => frequencies)]);
    }

    internal override InputCode? Read(int features, Func<string, Array?> constants) =>
        constants($"{InputCode.Name}.frequencies") is float[] frequencies && frequencies.Length % features == 0 ? new Code(features, frequencies) : null;

    /// <summary>Its name, with what it was given.</summary>
    public override string ToString() => Invariant($"{nameof(Periodic)}({Frequencies} frequencies up to {Greatest})");

    private sealed record Code(int Features, float[] First) : InputCode(Features, Features + 2 * First.Length)
    {
        public override Encoder CreateModule() => new Waves(Features, First);

        public override IEnumerable<string> Names(IReadOnlyList<string> features, Func<int, float, double> unscaled) =>
            features.Concat(new[] { "sine", "cosine" }.SelectMany(wave => First.Select((_, t) => $"{wave} {t % (First.Length / Features) + 1} of {features[t / (First.Length / Features)]}")));
    }

    private sealed class Waves : InputCode.Encoder
    {
        private const float Turn = 2 * MathF.PI;

        // Kept, because nothing else keeps a scalar alive while native code reads it (LastingScalars).
        private static readonly TorchSharp.Scalar s_turn = Turn;

        private readonly int _features;
        private readonly Parameter _frequencies;

        public Waves(int features, float[] first)
        {
            _features = features;
            // Not a matrix: nothing that keeps weights small has to do with it.
            _frequencies = new Parameter(tensor(first, device: CPU));
            register_parameter("frequencies", _frequencies);
        }

        public override IEnumerable<Parameter> OwnParameters() => [_frequencies];

        public override Tensor forward(Tensor input)
        {
            var angles = (input.unsqueeze(2) * _frequencies.view(1, _features, -1)).flatten(1).mul(s_turn);
            return cat([input, angles.sin(), angles.cos()], 1);
        }

        public override ForwardPass WriteOut() => new Rowwise(_features, new Learned(_frequencies));

        public override string WriteOnnx(OnnxGraph graph, string input)
        {
            var factors = graph.Add("Reshape", [graph.Constant("encoding.frequencies", _frequencies), graph.Constant("encoding.frequencies.shape", [1, _features, -1])], "encoding.factors");
            var numbers = graph.Add("Unsqueeze", [input, graph.Constant("encoding.axis", [2])], "encoding.numbers");
            var turns = graph.Add("Reshape", [graph.Add("Mul", [numbers, factors], "encoding.products"), graph.Constant("encoding.turns.shape", [0, -1])], "encoding.turns");
            var angles = graph.Add("Mul", [turns, graph.Constant("encoding.turn", Turn)], "encoding.angles");
            return graph.Add("Concat", [input, graph.Add("Sin", [angles], "encoding.sines"), graph.Add("Cos", [angles], "encoding.cosines")], "encoding.all", ("axis", 1));
        }
    }

    /// <summary>With S and C the gradients of a sine and its cosine: ∂L/∂c = Σ 2π·x·(S·cos − C·sin) over the rows.</summary>
    private sealed unsafe class Rowwise(int features, Learned frequencies) : ForwardPass
    {
        private const float Turn = 2 * MathF.PI;

        private readonly int _ofFeature = frequencies.Length / features;
        private readonly Block _output = new(features + 2 * frequencies.Length);
        private readonly float[] _work = new float[2 * frequencies.Length];
        private Block _input = null!;

        public override bool Learns => true;

        public override Block Forward(Block input)
        {
            _input = input;
            _output.Of(input.Rows);
            var angles = _work.AsSpan(0, frequencies.Length);
            for (var row = 0; row < input.Rows; row++)
            {
                var x = input.RowValues(row);
                var y = _output.RowValues(row);
                x.CopyTo(y);
                for (var feature = 0; feature < features; feature++)
                    TensorPrimitives.Multiply(Of(frequencies.Values, feature), x[feature], Part(angles, feature));
                TensorPrimitives.Multiply(angles, Turn, angles);
                TensorPrimitives.SinCos(angles, Sines(y), Cosines(y));
            }
            return _output;
        }

        public override void Backward(Block gradient)
        {
            var slopes = _work.AsSpan(0, frequencies.Length);
            var products = _work.AsSpan(frequencies.Length);
            for (var row = 0; row < gradient.Rows; row++)
            {
                var x = _input.RowValues(row);
                var y = _output.RowValues(row);
                var g = gradient.RowValues(row);
                TensorPrimitives.Multiply(Cosines(g), Sines(y), products);
                TensorPrimitives.Multiply(Sines(g), Cosines(y), slopes);
                TensorPrimitives.Subtract(slopes, products, slopes);
                for (var feature = 0; feature < features; feature++)
                    TensorPrimitives.MultiplyAdd(Part(slopes, feature), Turn * x[feature], Of(frequencies.Gradients, feature), Of(frequencies.Gradients, feature));
            }
        }

        private Span<float> Of(float* numbers, int feature) => new(numbers + feature * _ofFeature, _ofFeature);

        private Span<float> Part(Span<float> numbers, int feature) => numbers.Slice(feature * _ofFeature, _ofFeature);

        private Span<float> Sines(Span<float> row) => row.Slice(features, frequencies.Length);

        private Span<float> Cosines(Span<float> row) => row[(features + frequencies.Length)..];
    }
}
