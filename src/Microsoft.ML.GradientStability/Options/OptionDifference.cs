namespace Microsoft.ML.GradientStability;

/// <summary>An option that has different values in two configurations.</summary>
/// <param name="Option">Its name.</param>
/// <param name="Here">Its value in the first.</param>
/// <param name="There">Its value in the second.</param>
public readonly record struct OptionDifference(string Option, string Here, string There)
{
    /// <summary>One line, such as <c>Clipping: Norm(1) → None</c>.</summary>
    public override string ToString() => $"{Option}: {Here} → {There}";
}
