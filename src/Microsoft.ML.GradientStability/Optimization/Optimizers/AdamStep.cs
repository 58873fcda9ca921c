using System.Runtime.CompilerServices;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What the algorithms of Adam's family have in common: m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², V the greatest v so far where one is remembered
/// and v where not, w ← keep·w − (ofMoment·m + ofGradient·g)/(√V·scale + ε).
/// </summary>
/// <param name="beta1">β₁.</param>
/// <param name="beta2">β₂.</param>
/// <param name="ofMoment">The rate of m, with the correction of its bias.</param>
/// <param name="ofGradient">The rate of g itself.</param>
/// <param name="scale">The correction of the bias of √V.</param>
/// <param name="epsilon">ε.</param>
/// <param name="keep">What weight decay leaves of w.</param>
/// <param name="greatest">Whether the greatest v so far is remembered.</param>
internal readonly struct AdamStep(double beta1, double beta2, double ofMoment, double ofGradient, double scale, double epsilon, double keep = 1, bool greatest = false)
    : INumberStep
{
    private readonly Factor _beta1 = new(beta1);
    private readonly Factor _newest1 = new(1 - beta1);
    private readonly Factor _beta2 = new(beta2);
    private readonly Factor _newest2 = new(1 - beta2);
    private readonly Factor _ofMoment = new(ofMoment);
    private readonly Factor _ofGradient = new(ofGradient);
    private readonly Factor _scale = new(scale);
    private readonly Factor _epsilon = new(epsilon);
    private readonly Factor _keep = new(keep);
    private readonly bool _greatest = greatest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take<T>(ref T weight, T gradient, ref T first, ref T second, ref T third) where T : struct, INumbers<T>
    {
        first = _beta1 * first + _newest1 * gradient;
        second = _beta2 * second + _newest2 * (gradient * gradient);
        third = _greatest ? T.Greater(third, second) : second;
        weight = _keep * weight - (_ofMoment * first + _ofGradient * gradient) / (_scale * T.Root(third) + _epsilon);
    }
}
