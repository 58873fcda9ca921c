using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.GradientStability;

/// <summary>What share of the values of a gradient is 0, what share is NaN or infinite, and the greatest magnitude of the others.</summary>
/// <param name="Zero">In [0, 1].</param>
/// <param name="NonFinite">In [0, 1].</param>
/// <param name="Greatest">max |g| over the finite values; 0 where there are none.</param>
internal readonly record struct ValueShares(double Zero, double NonFinite, double Greatest)
{
    public static ValueShares Of(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<int> zeros = default, finites = default;
        Vector<float> greatests = default;
        foreach (var vector in vectors)
        {
            var size = Vector.Abs(vector);
            var isFinite = Vector.LessThanOrEqual(size, Vector.Create(float.MaxValue));
            // Where a comparison holds, the lane is −1.
            zeros -= Vector.Equals(size, Vector<float>.Zero);
            finites -= isFinite;
            greatests = Vector.Max(greatests, Vector.ConditionalSelect(isFinite, size, Vector<float>.Zero));
        }
        var (zero, finite, greatest) = (Vector.Sum(zeros), Vector.Sum(finites), 0f);
        for (var lane = 0; lane < Vector<float>.Count; lane++)
            greatest = Math.Max(greatest, greatests[lane]);
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..])
        {
            var size = Math.Abs(value);
            zero += size == 0 ? 1 : 0;
            finite += float.IsFinite(size) ? 1 : 0;
            greatest = float.IsFinite(size) ? Math.Max(greatest, size) : greatest;
        }
        return new ValueShares((double)zero / values.Length, (double)(values.Length - finite) / values.Length, greatest);
    }
}
