using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// LAMB (You et al. 2020, "Large batch optimization for deep learning"): with r = m̂/(√v̂ + ε) of <see cref="AdamOptimizer"/>,
/// w ← w − η·φ(‖w‖)/‖r + λ·w‖·(r + λ·w) for every weight matrix, φ(z) = min(z, γ), with 1 for the ratio where a norm is 0. Everything
/// else steps by r: the norm of a bias says little.
/// </summary>
public sealed record LambOptimizer : Optimizer
{
    private readonly double _beta1 = 0.9;
    private readonly double _beta2 = 0.999;
    private readonly double _epsilon = 1e-6;
    private readonly double _weightDecay = 0.01;
    private readonly double _maxWeightNorm = 10;

    [JsonConstructor]
    internal LambOptimizer(double learningRate = 0.001) : base(learningRate) { }

    /// <summary>β₁, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get => _beta1; init => _beta1 = Check.InRange(value, 0, 1, nameof(Beta1), upperIncluded: false); }

    /// <summary>β₂, in [0, 1). Default 0.999.</summary>
    public double Beta2 { get => _beta2; init => _beta2 = Check.InRange(value, 0, 1, nameof(Beta2), upperIncluded: false); }

    /// <summary>ε, above 0. Default 1e-6.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    /// <summary>λ, in [0, 1], of weight matrices only. Default 0.01.</summary>
    public double WeightDecay { get => _weightDecay; init => _weightDecay = Check.InRange(value, 0, 1, nameof(WeightDecay)); }

    /// <summary>
    /// γ, above 0: the norm of a weight matrix from which on its steps grow no further. Default 10, that of a widespread port to
    /// PyTorch (cybertronai, pytorch-lamb); the paper names none.
    /// </summary>
    public double MaxWeightNorm { get => _maxWeightNorm; init => _maxWeightNorm = Check.Positive(value, nameof(MaxWeightNorm)); }

    internal override bool DecaysWeights => WeightDecay > 0;

    internal override State Start(FlatParameters parameters) => new LayerwiseAdam(this, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"Lamb({LearningRate:G4}, weight decay {WeightDecay})");

    private sealed class LayerwiseAdam(LambOptimizer options, FlatParameters parameters) : State
    {
        private readonly Moments _moments = new(parameters, options.Beta1, options.Beta2);
        private readonly double[] _weightNorms = new double[parameters.Parameters.Length];
        private readonly double[] _directionNorms = new double[parameters.Parameters.Length];

        public override void Step(double learningRate)
        {
            _moments.Add(parameters.Gradients);
            var weights = parameters.Weights;
            var directions = _moments.Directions(options.Epsilon);
            var slices = parameters.Parameters;
            foreach (var slice in slices)
                if (slice.IsWeight)
                    directions.Slice(slice.Offset, slice.Length).Add(weights.Slice(slice.Offset, slice.Length), (float)options.WeightDecay);
            FlatParameters.Norms<FlatParameters.ParameterSlice>(weights, slices, _weightNorms);
            FlatParameters.Norms<FlatParameters.ParameterSlice>(directions, slices, _directionNorms);
            for (var i = 0; i < slices.Length; i++)
            {
                var ratio = slices[i].IsWeight ? Trust(_weightNorms[i], _directionNorms[i]) : 1;
                weights.Slice(slices[i].Offset, slices[i].Length).Add(directions.Slice(slices[i].Offset, slices[i].Length), (float)(-learningRate * ratio));
            }
        }

        private double Trust(double weights, double direction) =>
            weights == 0 || direction == 0 ? 1 : Math.Min(weights, options.MaxWeightNorm) / direction;
    }
}
