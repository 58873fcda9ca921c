using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The numbers of a sparse tensor in coordinates (rows × slots), in place: for each a row, a slot and a value, in no order that matters.</summary>
internal readonly ref struct SlotEntries
{
    public SlotEntries(Tensor sparse)
    {
        var places = MemoryMarshal.Cast<byte, long>(sparse.SparseIndices.bytes);
        Values = MemoryMarshal.Cast<byte, float>(sparse.SparseValues.bytes);
        Rows = places[..Values.Length];
        Slots = places[Values.Length..];
    }

    public ReadOnlySpan<long> Rows { get; }

    public ReadOnlySpan<long> Slots { get; }

    public ReadOnlySpan<float> Values { get; }

    public int Count => Values.Length;

    /// <summary>All features of one row, the zeros too.</summary>
    public void CopyRow(int row, Span<float> features)
    {
        features.Clear();
        for (var i = 0; i < Count; i++)
            if (Rows[i] == row)
                features[(int)Slots[i]] = Values[i];
    }
}
