namespace Microsoft.ML.GradientStability;

/// <summary>
/// When a fit takes sparse batches and steps the first layer's weights slot by slot, so that a step costs what its rows have and not what
/// all rows could have: where the rows are sparse and nothing needs all weights in every step. Otherwise batches are dense.
/// </summary>
internal static class SlotBySlot
{
    public static bool Holds(RowStatistics rows, Objective objective, TrainingOptions options) =>
        rows.IsSparse && objective.TakesSparseRows && NeedsAllWeights(options) is null;

    /// <summary>What to say where sparse rows are trained by dense batches for an option's sake; <see langword="null"/> where they are not.</summary>
    public static string? Warning(RowStatistics rows, Objective objective, TrainingOptions options) =>
        rows.IsSparse && objective.TakesSparseRows && NeedsAllWeights(options) is { } option
            ? $"The rows are sparse, {rows.NonZeros / rows.Count} of {rows.Width} features a row, but {option} needs the weights of all features in every step. "
                + "Without it a step would cost what the features of its rows cost."
            : null;

    private static string? NeedsAllWeights(TrainingOptions options) =>
        options.Network.Traits.WeightParametrization is { } parametrization and not NoWeightParametrization ? $"the weight parametrization {parametrization}"
        : options.Network.Traits.Ensemble > 1 ? nameof(FeedForwardNetwork.Ensemble)
        : !options.Network.TakesSparseRows ? $"the network {options.Network}"
        : !options.Optimizer.StepsSlotBySlot ? $"the optimizer {options.Optimizer}"
        : options.Clipping.TakesWholeUnits ? $"the clipping {options.Clipping}"
        : options.CentralizeGradients ? nameof(options.CentralizeGradients)
        : options.EmaDecay is not null ? nameof(options.EmaDecay)
        : options.Regularization.FirstOrDefault(regularizer => regularizer.TakesWholeUnits) is { } whole ? $"the regularization {whole}"
        : null;
}
