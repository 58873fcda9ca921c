using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Piecewise-linear codes by quantiles (Gorishniy, Rubachev and Babenko 2022, "On embeddings for numerical features in tabular deep
/// learning"): a number x stays, and beside it stand s·min(1, max(0, (x − b_t)/(b_{t+1} − b_t))) for the bins t = 1…T between neighbouring
/// quantiles b of the training rows. Equal quantiles make one; a feature of a single bin, as an indicator is, stays alone.
/// </summary>
public sealed record PiecewiseLinearEncoding : InputEncoding
{
    /// <summary>With fewer and weaker codes for few rows: these are noisy, and codes let a network learn the noise.</summary>
    private const int FewRows = 1000, ManyRows = 2000;

    private readonly int? _bins;
    private readonly double? _scale;

    [JsonConstructor]
    internal PiecewiseLinearEncoding() { }

    /// <summary>T, in [2, 256]. Default <see langword="null"/>: 8 for up to 1,000 rows, 16 from 2,000 on, in between by the logarithm of the rows.</summary>
    public int? Bins
    {
        get => _bins;
        init
        {
            Check.That(value is null or (>= 2 and <= 256), nameof(Bins), value, "it must be in [2, 256]");
            _bins = value;
        }
    }

    /// <summary>s, above 0. Default <see langword="null"/>: 0.5 for up to 1,000 rows, 1 from 2,000 on, in between by the logarithm of the rows.</summary>
    public double? Scale { get => _scale; init => _scale = value is { } scale ? Check.Positive(scale, nameof(Scale)) : null; }

    /// <summary>How much so many rows bear: 0 for few, 1 for many.</summary>
    internal static double Strength(long rows) => Math.Clamp(Math.Log(rows / (double)FewRows) / Math.Log((double)ManyRows / FewRows), 0, 1);

    internal override InputCode? Fit(FeatureSample features)
    {
        var strength = Strength(features.Rows);
        var (bins, scale) = (Bins ?? (int)double.Lerp(8, 16, strength), (float)(Scale ?? double.Lerp(0.5, 1, strength)));
        var (slots, lower, slope) = (new List<long>(), new List<float>(), new List<float>());
        for (var i = 0; i < features.Features; i++)
        {
            var sorted = features.Sorted(i);
            var edges = Enumerable.Range(0, bins + 1).Select(t => sorted[(int)Math.Round((sorted.Length - 1.0) * t / bins)]).Distinct().ToArray();
            if (edges.Length <= 2)
                continue;
            for (var t = 0; t + 1 < edges.Length; t++)
            {
                slots.Add(i);
                lower.Add(edges[t]);
                slope.Add((float)Math.Min(scale / ((double)edges[t + 1] - edges[t]), float.MaxValue));
            }
        }
        return slots.Count == 0 ? null : new Code(features.Features, [.. slots], [.. lower], [.. slope], scale);
    }

    internal override InputCode? Read(int features, Func<string, Array?> constants) =>
        constants($"{InputCode.Name}.slots") is long[] slots && constants($"{InputCode.Name}.lower") is float[] lower
            && constants($"{InputCode.Name}.slope") is float[] slope && constants($"{InputCode.Name}.greatest") is float[] { Length: 1 } scale
            ? new Code(features, slots, lower, slope, scale[0]) : null;

    /// <summary>Its name, with what it was given.</summary>
    public override string ToString() => (Bins, Scale) switch
    {
        (null, null) => nameof(PiecewiseLinear),
        ({ } bins, null) => Invariant($"{nameof(PiecewiseLinear)}({bins} bins)"),
        (null, { } scale) => Invariant($"{nameof(PiecewiseLinear)}(scale {scale})"),
        ({ } bins, { } scale) => Invariant($"{nameof(PiecewiseLinear)}({bins} bins, scale {scale})"),
    };

    private sealed record Code(int Features, long[] Slots, float[] Lower, float[] Slope, float Scale) : InputCode(Features, Features + Slots.Length)
    {
        public override Encoder CreateModule() => new BinEncoder(this);
    }

    private sealed class BinEncoder : InputCode.Encoder
    {
        private readonly Code _code;
        private readonly long[] _slotNumbers;
        private readonly float _greatest;
        private readonly TorchSharp.Scalar _lowest = 0f;
        private readonly TorchSharp.Scalar _highest;
        private readonly Tensor _slots;
        private readonly Tensor _lower;
        private readonly Tensor _slope;

        public BinEncoder(Code code)
        {
            (_code, _slotNumbers, _greatest, _highest) = (code, code.Slots, code.Scale, code.Scale);
            (_slots, _lower, _slope) = (tensor(code.Slots, device: CPU), tensor(code.Lower, device: CPU), tensor(code.Slope, device: CPU));
            register_buffer("slots", _slots);
            register_buffer("lower", _lower);
            register_buffer("slope", _slope);
        }

        public override Tensor forward(Tensor input)
        {
            var codes = input.index_select(1, _slots).sub_(_lower).mul_(_slope).clamp_(_lowest, _highest);
            return cat([input, codes], 1);
        }

        public override ForwardPass WriteOut() => new Rowwise(_code);

        public override string WriteOnnx(OnnxGraph graph, string input)
        {
            var numbers = graph.Add("Gather", [input, graph.Constant("encoding.slots", _slotNumbers)], "encoding.numbers", ("axis", 1));
            var above = graph.Add("Sub", [numbers, graph.Constant("encoding.lower", _lower)], "encoding.above");
            var share = graph.Add("Mul", [above, graph.Constant("encoding.slope", _slope)], "encoding.share");
            var codes = graph.Add("Clip", [share, graph.Scalar("encoding.least", 0), graph.Scalar("encoding.greatest", _greatest)], "encoding.codes");
            return graph.Add("Concat", [input, codes], "encoding.all", ("axis", 1));
        }
    }

    private sealed class Rowwise(Code code) : ForwardPass
    {
        private readonly Block _output = new(code.Width);

        public override Block Forward(Block input)
        {
            var (slots, features) = (code.Slots, code.Features);
            _output.Of(input.Rows);
            for (var r = 0; r < input.Rows; r++)
            {
                var x = input.RowValues(r);
                var row = _output.RowValues(r);
                x.CopyTo(row);
                var codes = row[features..];
                // The bins of a feature stand side by side.
                for (int i = 0, end; i < slots.Length; i = end)
                {
                    for (end = i + 1; end < slots.Length && slots[end] == slots[i];)
                        end++;
                    codes[i..end].Fill(x[(int)slots[i]]);
                }
                TensorPrimitives.Subtract(codes, code.Lower, codes);
                TensorPrimitives.Multiply(codes, code.Slope, codes);
                TensorPrimitives.Clamp(codes, 0, code.Scale, codes);
            }
            return _output;
        }
    }
}
