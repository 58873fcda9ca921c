using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Train longer.</summary>
public sealed record MoreEpochs : Remedy
{
    private readonly int _epochs;

    internal MoreEpochs(int current) => _epochs = checked(10 * current);

    /// <inheritdoc />
    public override string Setting => Invariant($"Epochs = {_epochs}");

    /// <inheritdoc />
    public override string Reason => "the loss was still on its way down when the fit ended";

    private protected override void Apply(TrainingOptions options) => options.Epochs = _epochs;

    internal override bool Changes(TrainingOptions options) => !(options.Epochs >= _epochs);
}
