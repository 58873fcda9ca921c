namespace Microsoft.ML.GradientStability;

/// <summary>Let weights be as large as they become.</summary>
public sealed record DropRegularization : Remedy
{
    internal DropRegularization() { }

    /// <inheritdoc />
    public override string Setting => "Regularization = []";

    /// <inheritdoc />
    public override string Reason => "nothing then pulls the weights to 0";

    private protected override void Apply(TrainingOptions options) => options.Regularization = [];

    internal override bool Changes(TrainingOptions options) => options.Regularization.Count > 0;
}
