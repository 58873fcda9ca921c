using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Piecewise-linear codes (Gorishniy, Rubachev and Babenko 2022, "On embeddings for numerical features in tabular deep learning"): a number x stays,
/// and beside it stand s·min(1, max(0, (x − b_t)/(b_{t+1} − b_t))) for the bins t = 1…T between neighbouring edges b, the least and the
/// greatest number of the training rows among them. A feature of a single bin stays alone, and so does one of two different numbers, as an indicator is.
/// </summary>
public sealed record PiecewiseLinearEncoding : InputEncoding
{
    private readonly int _bins = 16;
    private readonly double _scale = 1;
    private readonly BinEdges _edges = BinEdges.Quantiles;

    [JsonConstructor]
    internal PiecewiseLinearEncoding() { }

    /// <summary>T at most, in [2, 256]. Default 16.</summary>
    public int Bins
    {
        get => _bins;
        init
        {
            Check.That(value is >= 2 and <= 256, nameof(Bins), value, "it must be in [2, 256]");
            _bins = value;
        }
    }

    /// <summary>s, above 0. Default 1.</summary>
    public double Scale { get => _scale; init => _scale = Check.Positive(value, nameof(Scale)); }

    /// <summary>Where a bin ends and the next begins. Default <see cref="BinEdges.Quantiles"/>.</summary>
    public BinEdges Edges { get => _edges; init => _edges = Check.Defined(value, nameof(Edges)); }

    internal override InputCode? Fit(FeatureSample features)
    {
        var scale = (float)Scale;
        var (slots, lower, slope) = (new List<long>(), new List<float>(), new List<float>());
        for (var i = 0; i < features.Features; i++)
        {
            var edges = EdgesOf(features, i);
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

    private float[] EdgesOf(FeatureSample features, int feature)
    {
        var (sorted, targets) = features.Of(feature);
        // Of what is all the same, as where there is nothing to predict, a tree learns nothing.
        if (Edges == BinEdges.Quantiles || targets.AsSpan().IndexOfAnyExcept(targets[0]) < 0)
            return [.. Enumerable.Range(0, Bins + 1).Select(t => sorted[(int)Math.Round((sorted.Length - 1.0) * t / Bins)]).Distinct()];
        var isIndicator = sorted.AsSpan().IndexOfAnyExcept(sorted[0], sorted[^1]) < 0;
        return isIndicator ? [] : [.. new FeatureTree(sorted, targets, features.HasClasses).Thresholds(Bins).Prepend(sorted[0]).Append(sorted[^1]).Distinct()];
    }

    internal override InputCode? Read(int features, Func<string, Array?> constants) =>
        constants($"{InputCode.Name}.slots") is long[] slots && constants($"{InputCode.Name}.lower") is float[] lower
            && constants($"{InputCode.Name}.slope") is float[] slope && constants($"{InputCode.Name}.greatest") is float[] { Length: 1 } scale
            ? new Code(features, slots, lower, slope, scale[0]) : null;

    /// <summary>Its name, with what differs from its defaults.</summary>
    public override string ToString()
    {
        string[] given =
        [
            .. Bins != 16 ? [Invariant($"{Bins} bins")] : Array.Empty<string>(),
            .. Edges == BinEdges.Tree ? ["tree"] : Array.Empty<string>(),
            .. Scale != 1 ? [Invariant($"scale {Scale}")] : Array.Empty<string>(),
        ];
        return given.Length == 0 ? nameof(PiecewiseLinear) : $"{nameof(PiecewiseLinear)}({string.Join(", ", given)})";
    }

    private sealed record Code(int Features, long[] Slots, float[] Lower, float[] Slope, float Scale) : InputCode(Features, Features + Slots.Length)
    {
        public override Encoder CreateModule() => new BinEncoder(this);

        public override IEnumerable<string> Names(IReadOnlyList<string> features, Func<int, float, double> unscaled) => features.Concat(Slots.Select((slot, bin) =>
            Invariant($"{features[(int)slot]} from {unscaled((int)slot, Lower[bin]):G4} to {unscaled((int)slot, Lower[bin] + Scale / Slope[bin]):G4}")));
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
