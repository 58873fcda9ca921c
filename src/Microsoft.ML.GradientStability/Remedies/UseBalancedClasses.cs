namespace Microsoft.ML.GradientStability;

/// <summary>Let every class count the same in the loss, however many rows it has.</summary>
public sealed record UseBalancedClasses : Remedy
{
    private readonly IReadOnlyList<double> _weights;

    internal UseBalancedClasses(IReadOnlyList<long> rows)
    {
        var most = rows.Max();
        _weights = [.. rows.Select(count => (double)most / Math.Max(1, count))];
    }

    /// <inheritdoc />
    public override string Setting => _weights.Count == 2
        ? FormattableString.Invariant($"PositiveWeight = {_weights[1] / _weights[0]:G3}")
        : $"ClassWeights = [{string.Join(", ", _weights.Select(weight => FormattableString.Invariant($"{weight:G3}")))}]";

    /// <inheritdoc />
    public override string Reason => "overlooking a rare class then costs as much as overlooking a frequent one";

    private protected override void Apply(TrainingOptions options) => options.WeighClasses(_weights);

    internal override bool Changes(TrainingOptions options) =>
        Enumerable.Range(0, _weights.Count).Any(c => Math.Abs(options.WeightOfClass(c) / options.WeightOfClass(0) - _weights[c] / _weights[0]) > 1e-6);
}
