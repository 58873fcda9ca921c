using System.Numerics;

namespace Microsoft.ML.GradientStability;

/// <summary>A number of a formula that all parameters share, at hand in every lane of a register, so that no step spreads it anew.</summary>
/// <param name="value">The number, rounded to Single.</param>
internal readonly struct Factor(double value)
{
    public Vector<float> Lanes { get; } = Vector.Create((float)value);

    public float Value => Lanes[0];
}
