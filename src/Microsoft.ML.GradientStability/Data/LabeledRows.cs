using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>Rows of features with the index of their class, in memory and in the order of the data.</summary>
/// <param name="Features">Row-major, rows × width; finite.</param>
/// <param name="Labels">The class of each row, from 0.</param>
/// <param name="Width">Features a row.</param>
internal sealed record LabeledRows(float[] Features, long[] Labels, int Width)
{
    public int Count => Labels.Length;

    /// <summary>max |x| over all features.</summary>
    public double GreatestFeature() => Math.Abs((double)TensorPrimitives.MaxMagnitude<float>(Features));
}
