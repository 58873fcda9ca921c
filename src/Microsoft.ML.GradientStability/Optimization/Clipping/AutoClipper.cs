using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// AutoClip (Seetharaman, Wichern, Pardo and Le Roux 2020, "AutoClip: Adaptive gradient clipping for source separation networks"):
/// g ← g·τ/‖g‖ where ‖g‖ &gt; τ, with τ the p-th percentile of the norms of all steps so far, this one included, interpolated
/// linearly as NumPy does. A gradient of 0 has no norm to learn from and is left out. The history takes 16 bytes a step.
/// </summary>
public sealed record AutoClipper : GradientClipper
{
    private readonly double _percentile = 10;

    [JsonConstructor]
    internal AutoClipper() { }

    /// <summary>p, in [0, 100]: 0 scales every gradient to the least norm seen, 100 changes none. Default 10.</summary>
    public double Percentile { get => _percentile; init => _percentile = Check.InRange(value, 0, 100, nameof(Percentile)); }

    internal override bool BoundsSteps => false;

    internal override State Start(FlatParameters parameters) => new History(Percentile / 100, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"AutoClip({Percentile})");

    private sealed class History(double quantile, FlatParameters parameters) : State
    {
        /// <summary>The norms up to the percentile, the greatest first (by its negative), and those above it, the least first.</summary>
        private readonly PriorityQueue<double, double> _lower = new(), _upper = new();

        public override bool Clip(double norm)
        {
            if (norm == 0)
                return false;
            var limit = Add(norm);
            return Shrink(parameters, limit / norm);
        }

        /// <summary>The percentile with this norm: in sorted order at index q·(n − 1), which lies between two norms.</summary>
        private double Add(double norm)
        {
            if (_lower.TryPeek(out var greatest, out _) && norm < greatest)
                _lower.Enqueue(norm, -norm);
            else
                _upper.Enqueue(norm, norm);

            var index = quantile * (_lower.Count + _upper.Count - 1);
            var lower = (int)index + 1;
            while (_lower.Count > lower)
                Move(_lower, _upper, sign: 1);
            while (_lower.Count < lower)
                Move(_upper, _lower, sign: -1);

            var below = _lower.Peek();
            return _upper.TryPeek(out var above, out _) ? below + (index - (lower - 1)) * (above - below) : below;
        }

        private static void Move(PriorityQueue<double, double> from, PriorityQueue<double, double> to, int sign)
        {
            var norm = from.Dequeue();
            to.Enqueue(norm, sign * norm);
        }
    }
}
