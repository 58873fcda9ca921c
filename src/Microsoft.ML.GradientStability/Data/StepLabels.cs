using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Labels of the steps of a sequence travel behind the features of each, as one number more of every step, so that rows with them are kept, drawn and padded
/// as any; a batch is parted again. A step without a label has NaN.
/// </summary>
internal static class StepLabels
{
    /// <summary>The row with its labels.</summary>
    /// <param name="features">Step behind step.</param>
    /// <param name="labels">One a step.</param>
    /// <param name="row">Where it goes.</param>
    public static void Join(in VBuffer<float> features, ReadOnlySpan<float> labels, ref VBuffer<float> row)
    {
        var size = features.Length / labels.Length;
        var editor = VBufferEditor.Create(ref row, features.Length + labels.Length);
        foreach (var (slot, value) in features.Items(all: true))
            editor.Values[slot + slot / size] = value;
        for (var step = 0; step < labels.Length; step++)
            editor.Values[(step + 1) * (size + 1) - 1] = labels[step];
        row = editor.Commit();
    }

    /// <summary>A batch of such rows as one of features (rows × width) and labels (rows × steps).</summary>
    /// <param name="rows">The batch; its targets are none.</param>
    /// <param name="size">Features of a step.</param>
    public static Batch Part(in Batch rows, int size)
    {
        var count = rows.Features.shape[0];
        var steps = rows.Features.view(count, -1, size + 1);
        return rows with { Features = steps.narrow(2, 0, size).reshape(count, -1).contiguous(), Targets = steps.select(2, size).contiguous() };
    }
}
