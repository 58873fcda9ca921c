using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Clipping by value (Mikolov 2012): g_i ← min(max(g_i, −c), c) for every component, PyTorch's clip_grad_value_. It turns the
/// direction towards the diagonal where some components are clipped and others are not.
/// </summary>
public sealed record ValueClipper : GradientClipper
{
    private readonly double _maxValue = 5;

    [JsonConstructor]
    internal ValueClipper() { }

    /// <summary>c, above 0, in the unit of the gradient. Default 5, that of char-rnn (Karpathy 2015).</summary>
    public double MaxValue { get => _maxValue; init => _maxValue = Check.Positive(value, nameof(MaxValue)); }

    internal override bool BoundsSteps => true;

    internal override State Start(FlatParameters parameters) => new Components((float)MaxValue, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"Value({MaxValue})");

    private sealed class Components(float maxValue, FlatParameters parameters) : State
    {
        public override bool Clip(double norm) => parameters.Gradients.Bound(maxValue).ToBoolean();
    }
}
