using System.Numerics;
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
    private readonly Vector<float> _beta1 = Vector.Create((float)beta1);
    private readonly Vector<float> _newest1 = Vector.Create((float)(1 - beta1));
    private readonly Vector<float> _beta2 = Vector.Create((float)beta2);
    private readonly Vector<float> _newest2 = Vector.Create((float)(1 - beta2));
    private readonly Vector<float> _ofMoment = Vector.Create((float)ofMoment);
    private readonly Vector<float> _ofGradient = Vector.Create((float)ofGradient);
    private readonly Vector<float> _scale = Vector.Create((float)scale);
    private readonly Vector<float> _epsilon = Vector.Create((float)epsilon);
    private readonly Vector<float> _keep = Vector.Create((float)keep);
    private readonly bool _greatest = greatest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(ref Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third)
    {
        first = _beta1 * first + _newest1 * gradient;
        second = _beta2 * second + _newest2 * (gradient * gradient);
        third = _greatest ? Vector.Max(third, second) : second;
        weight = _keep * weight - (_ofMoment * first + _ofGradient * gradient) / (Vector.SquareRoot(third) * _scale + _epsilon);
    }
}
