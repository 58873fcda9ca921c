using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// StableAdamW (Wortsman et al. 2023, "Stable and low-precision training for large-scale vision-language models", algorithm 2): AdamW
/// with the update clipping of Adafactor (Shazeer and Stern 2018). For every parameter tensor RMS = √mean(g²/max(v̂, ε²)) and
/// η' = η/max(1, RMS), then w ← w·(1 − η'·λ) where it is a weight matrix, and w ← w − η'·m̂/(√v̂ + ε), with m̂ and v̂ of
/// <see cref="AdamOptimizer"/>.
/// </summary>
public sealed record StableAdamWOptimizer : Optimizer
{
    private readonly double _beta1 = 0.9;
    private readonly double _beta2 = 0.99;
    private readonly double _epsilon = 1e-6;
    private readonly double _weightDecay = 0.01;

    [JsonConstructor]
    internal StableAdamWOptimizer(double learningRate = 0.001) : base(learningRate) { }

    /// <summary>β₁, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get => _beta1; init => _beta1 = Check.InRange(value, 0, 1, nameof(Beta1), upperIncluded: false); }

    /// <summary>β₂, in [0, 1). Default 0.99.</summary>
    public double Beta2 { get => _beta2; init => _beta2 = Check.InRange(value, 0, 1, nameof(Beta2), upperIncluded: false); }

    /// <summary>ε, above 0. Default 1e-6.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    /// <summary>λ, in [0, 1], of weight matrices only. Default 0.01.</summary>
    public double WeightDecay { get => _weightDecay; init => _weightDecay = Check.InRange(value, 0, 1, nameof(WeightDecay)); }

    internal override bool DecaysWeights => WeightDecay > 0;

    internal override State Start(FlatParameters parameters) => new UpdateClipping(this, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"StableAdamW({LearningRate:G4}, weight decay {WeightDecay})");

    private sealed class UpdateClipping(StableAdamWOptimizer options, FlatParameters parameters) : State
    {
        private readonly Moments _moments = new(parameters, options.Beta1, options.Beta2);
        private readonly double[] _norms = new double[parameters.Parameters.Length];

        public override void Step(double learningRate)
        {
            var gradients = parameters.Gradients;
            _moments.Add(gradients);
            var weights = parameters.Weights;
            var slices = parameters.Parameters;
            FlatParameters.Norms<FlatParameters.ParameterSlice>(_moments.Ratios(gradients, options.Epsilon), slices, _norms);
            var directions = _moments.Directions(options.Epsilon);
            for (var i = 0; i < slices.Length; i++)
            {
                var own = weights.Slice(slices[i].Offset, slices[i].Length);
                var rate = learningRate / Math.Max(1, _norms[i] / Math.Sqrt(slices[i].Length));
                if (slices[i].IsWeight)
                    own.Multiply((float)(1 - rate * options.WeightDecay));
                own.Add(directions.Slice(slices[i].Offset, slices[i].Length), (float)-rate);
            }
        }
    }
}
