namespace Microsoft.ML.GradientStability;

/// <summary>A feature column of keys, as a network that has been fitted to it knows it.</summary>
/// <param name="Name">Of the column.</param>
/// <param name="Slots">Keys a row.</param>
/// <param name="Keys">Different keys.</param>
internal sealed record KeyColumn(string Name, int Slots, int Keys)
{
    /// <summary>Numbers by which a key is described: <see cref="FeedForwardNetwork.EmbeddingWidth"/>, or what its default says.</summary>
    public int Width(int? given) => given ?? (int)Math.Min(50, Math.Round(1.6 * Math.Pow(Keys, 0.56)));

    /// <summary>Where columns are not those of a network that was trained before, in words.</summary>
    public static string? Difference(IReadOnlyList<KeyColumn> before, IReadOnlyList<KeyColumn> now)
    {
        if (before.SequenceEqual(now))
            return null;
        return $"its columns of keys are {Describe(before)}, not {Describe(now)}";

        static string Describe(IReadOnlyList<KeyColumn> columns) => columns.Count == 0 ? "none"
            : Listing.Of(columns.Select(column => $"'{column.Name}' with {column.Keys} keys{(column.Slots == 1 ? "" : $" in {column.Slots} slots")}"), columns.Count);
    }
}
