namespace Microsoft.ML.Data;

internal static class PackedVector
{
    /// <summary>
    /// Commits a vector of which every slot has been written, as sparse when fewer than half of them differ from the default.
    /// The editor must have been created with indices.
    /// </summary>
    public static VBuffer<T> CommitPacked<T>(this in VBufferEditor<T> editor, int nonDefault)
    {
        var values = editor.Values;
        var indices = editor.Indices;
        if (nonDefault > 0 && nonDefault >= values.Length / 2)
            return editor.Commit();

        var count = 0;
        for (var slot = 0; slot < values.Length; slot++)
        {
            if (EqualityComparer<T>.Default.Equals(values[slot], default))
                continue;
            values[count] = values[slot];
            indices[count++] = slot;
        }
        return editor.CommitTruncated(count);
    }
}
