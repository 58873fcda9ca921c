namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Every bad input that is known, in the order of the docs; a file an area.</summary>
public static class BadInputTable
{
    public static IReadOnlyList<BadInput> All { get; } =
    [
        .. SchemaCases.All(),
        .. FeatureCases.All(),
        .. ColumnCases.All(),
        .. NetworkCases.All(),
        .. LabelCases.All(),
        .. StepLabelCases.All(),
        .. WeightCases.All(),
        .. OptionCases.All(),
        .. JsonCases.All(),
        .. ValidationCases.All(),
        .. ContinuingCases.All(),
        .. ModelCases.All(),
        .. NullCases.All(),
    ];
}
