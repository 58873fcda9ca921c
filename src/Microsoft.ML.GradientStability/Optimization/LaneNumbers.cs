using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.GradientStability;

/// <summary>As many numbers as a register of the processor holds.</summary>
/// <param name="lanes">The numbers.</param>
internal readonly struct LaneNumbers(Vector<float> lanes) : INumbers<LaneNumbers>
{
    public Vector<float> Lanes { get; } = lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneNumbers operator +(LaneNumbers a, LaneNumbers b) => new(a.Lanes + b.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneNumbers operator +(LaneNumbers a, Factor term) => new(a.Lanes + term.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneNumbers operator -(LaneNumbers a, LaneNumbers b) => new(a.Lanes - b.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneNumbers operator *(LaneNumbers a, LaneNumbers b) => new(a.Lanes * b.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneNumbers operator *(Factor factor, LaneNumbers a) => new(factor.Lanes * a.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneNumbers operator /(LaneNumbers a, LaneNumbers b) => new(a.Lanes / b.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneNumbers Root(LaneNumbers a) => new(Vector.SquareRoot(a.Lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneNumbers AtLeast(LaneNumbers a, Factor least) => new(Vector.Max(a.Lanes, least.Lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneNumbers Greater(LaneNumbers a, LaneNumbers b) => new(Vector.Max(a.Lanes, b.Lanes));
}
