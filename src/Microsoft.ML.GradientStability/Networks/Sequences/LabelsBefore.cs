using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Rows as a network takes them that learns by teacher forcing: behind the features of all steps stands, of each, the label of the step before it, NaN where
/// there is none (batch × steps·(size + 1)).
/// </summary>
internal static class LabelsBefore
{
    /// <param name="features">batch × steps·size.</param>
    /// <param name="labels">Of the steps themselves (batch × steps).</param>
    public static Tensor Join(Tensor features, Tensor labels)
    {
        var none = full([labels.shape[0], 1], float.NaN, dtype: ScalarType.Float32, device: labels.device);
        return cat([features, none, labels.narrow(1, 0, labels.shape[1] - 1)], 1);
    }

    /// <param name="rows">Such rows.</param>
    /// <param name="size">Features of a step.</param>
    public static (Tensor Features, Tensor Labels) Part(Tensor rows, int size)
    {
        var steps = rows.shape[1] / (size + 1);
        return (rows.narrow(1, 0, steps * size).contiguous(), rows.narrow(1, steps * size, steps));
    }
}
