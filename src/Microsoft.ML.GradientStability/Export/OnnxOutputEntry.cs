namespace Microsoft.ML.GradientStability;

/// <summary>What an output of a pipeline's file is as a column, as its metadata <c>outputs</c> has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsVector">Whether the column is a vector, however long; otherwise it is one value.</param>
/// <param name="Classes">The names of the classes that it is an index of; <see langword="null"/> where it is none.</param>
internal sealed record OnnxOutputEntry(string Name, bool IsVector, IReadOnlyList<string>? Classes)
{
    /// <summary>The entry of the metadata: a JSON array.</summary>
    public const string Key = "outputs";
}
