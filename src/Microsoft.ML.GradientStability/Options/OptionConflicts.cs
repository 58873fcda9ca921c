using System.Globalization;
using static Microsoft.ML.GradientStability.Severity;

namespace Microsoft.ML.GradientStability;

/// <summary>The rules by which options are held against each other; each says why.</summary>
internal static class OptionConflicts
{
    /// <summary>Fewer rows than this give batch normalization noise for statistics (Wu and He 2018, figure 1).</summary>
    private const int FewRows = 8;

    public static IEnumerable<OptionConflict> Of(TrainingOptions options) => options.Network.Alternatives.SelectMany(network => OfNetwork(network, options)).Distinct()
        .Concat(OfOptimizer(options))
        .Concat(OfHeldOutRows(options))
        .Concat(options.ConflictsOfTask());

    private static IEnumerable<OptionConflict> OfNetwork(Network network, TrainingOptions options) => OfNormalization(network.Traits, options)
        .Concat(OfActivation(network.Traits, options.Initializer))
        .Concat(OfInitializer(network.Traits, options.Initializer))
        .Concat(OfParametrization(network.Traits, options))
        .Concat(network.Objections().Select(objection => new OptionConflict(Error, objection.Option, objection.Reason)));

    /// <summary>The same rules, as far as only the data can break them.</summary>
    /// <exception cref="InvalidOperationException">The network cannot learn from it.</exception>
    public static void Refuse(NetworkTraits network, RowStatistics statistics)
    {
        if (statistics.Count == 1 && network.Normalization is BatchNormalization)
            throw new InvalidOperationException(
                "There is one training row, and batch normalization needs at least 2, because one row less its own mean is 0. Add rows, or set Normalization.Layer.");
        // Two features are still told apart, though by weights that never change.
        if (statistics.Width == 1 && network.WeightParametrization?.Objection(1) is { } objection)
            throw new InvalidOperationException(
                $"There is one feature: in hidden layer 1, {objection}, and the network would be blind to it. Add features, or set WeightParametrization.None.");
    }

    private static IEnumerable<OptionConflict> OfNormalization(NetworkTraits network, TrainingOptions options)
    {
        if (network.Normalization is not { } normalization)
            yield break;
        for (var layer = 1; layer <= network.HiddenUnits.Length; layer++)
            if (normalization.Objection(network.HiddenUnits[layer - 1]) is { } objection)
                yield return new(Error, nameof(network.Normalization), $"in hidden layer {layer}, {objection}; change one or the other");
        if (normalization is BatchNormalization)
        {
            if (options.BatchSize == 1)
                yield return new(Error, nameof(options.BatchSize), ConflictReasons.BatchOfOne);
            else if (options.BatchSize < FewRows)
                yield return new(Warning, nameof(options.BatchSize),
                    $"batch normalization judges mean and variance by {options.BatchSize} rows, which is mostly noise; take {FewRows} or more, or Normalization.Layer"
                    + (options.AccumulationSteps > 1 ? "; accumulated batches are normalized each by itself" : ""));
        }
        if (network.Bias == true && network.RemovesBias)
            yield return new(Warning, nameof(network.Bias),
                "batch normalization subtracts what a bias adds, so that it has no effect; leave Bias out");
        if (network.NormalizeAfterActivation && normalization is NoNormalization)
            yield return new(Warning, nameof(network.NormalizeAfterActivation), "there is no normalization; choose one");
    }

    private static IEnumerable<OptionConflict> OfActivation(NetworkTraits network, Initializer initializer)
    {
        if (network is { AlphaDropout: > 0, Dropout: > 0 })
            yield return new(Error, nameof(network.AlphaDropout), ConflictReasons.AlphaBesideDropout);
        if (network.Activation is not SeluActivation)
        {
            if (network.AlphaDropout > 0)
                yield return new(Error, nameof(network.AlphaDropout), string.Format(CultureInfo.InvariantCulture, ConflictReasons.AlphaWithoutSelu, network.Activation));
            yield break;
        }
        if (network.Normalization is not NoNormalization)
            yield return new(Warning, nameof(network.Normalization),
                $"SELU drives every layer to mean 0 and variance 1 by itself, and {network.Normalization} normalization moves it off that point; set Normalization.None");
        if (network is { Dropout: > 0, AlphaDropout: 0 })
            yield return new(Warning, nameof(network.Dropout),
                "zeros change the mean and variance that SELU keeps; set AlphaDropout in its place");
        if (initializer is not (LeCunNormalInitializer or LeCunUniformInitializer or HeNormalInitializer or HeUniformInitializer
            or OrthogonalInitializer or LsuvInitializer))
            yield return new(Warning, nameof(TrainingOptions.Initializer),
                $"SELU keeps variance 1 only with weights of variance 1/fan-in, which {initializer} does not give; set Initializer.LeCunNormal");
    }

    private static IEnumerable<OptionConflict> OfInitializer(NetworkTraits network, Initializer initializer)
    {
        const string option = nameof(TrainingOptions.Initializer);
        if (initializer is ConstantInitializer)
            yield return new(Warning, option, "units that start alike get the same gradient and stay alike; draw the weights at random, by Initializer.HeUniform for one");
        if (initializer is FixupInitializer)
        {
            if (network.Residual is null)
                yield return new(Error, option, "Fixup scales residual branches, and the network has none; set Residual.Identity with { BranchLayers = 2 }, or another initializer");
            if (network.Normalization is not NoNormalization)
                yield return new(Warning, option, "Fixup takes the place of normalization, which undoes its scales; set Normalization.None");
        }
        if (StartsAtZero(initializer) && network.Residual is GatedResidual { InitialGate: 0 })
            yield return new(Error, nameof(network.Residual),
                $"the gate starts at 0 and so do the branches by {initializer}: neither ever gets a gradient; set Residual.Gated(1)");
    }

    private static IEnumerable<OptionConflict> OfParametrization(NetworkTraits network, TrainingOptions options)
    {
        var parametrization = network.WeightParametrization;
        if (parametrization is null or NoWeightParametrization)
            yield break;
        for (var layer = 2; layer <= network.HiddenUnits.Length; layer++)
            if (parametrization.Objection(network.HiddenUnits[layer - 2]) is { } objection)
                yield return new(Error, nameof(network.WeightParametrization), $"in hidden layer {layer}, {objection}; change one or the other");
        if (parametrization is WeightStandardization && network.Normalization is NoNormalization)
            yield return new(Warning, nameof(network.WeightParametrization),
                "standardized weights enlarge a signal by √inputs in every layer; set a normalization to follow, Normalization.Layer for one");
        if (parametrization is not WeightStandardization && StartsAtZero(options.Initializer))
            yield return new(Error, nameof(network.WeightParametrization), $"it divides by the size of the weights, which is 0 by {options.Initializer}; take another initializer");
        if (parametrization is WeightStandardization && options.Initializer is ConstantInitializer)
            yield return new(Error, nameof(network.WeightParametrization), $"weights less their mean are 0 by {options.Initializer}; take another initializer");
        if (options.Initializer is LsuvInitializer)
            yield return new(Warning, nameof(options.Initializer), $"{parametrization} undoes the scale that Lsuv gives the weights; take one or the other");
        if (options.Regularization.Any(regularizer => regularizer is MaxNormRegularizer))
            yield return new(Warning, nameof(options.Regularization), $"{parametrization} undoes the scale that MaxNorm bounds; take one or the other");
    }

    private static IEnumerable<OptionConflict> OfOptimizer(TrainingOptions options)
    {
        var (optimizer, regularization) = (options.Optimizer, options.Regularization);
        if (optimizer is SgdOptimizer { Nesterov: true, Momentum: 0 })
            yield return new(Error, nameof(options.Optimizer), ConflictReasons.NesterovWithoutMomentum);
        if (optimizer.DecaysWeights && regularization.Any(regularizer => regularizer is WeightDecayRegularizer))
            yield return new(Error, nameof(options.Regularization), $"{optimizer} decays the weights itself, and WeightDecay would do so twice; leave one out");
        if (optimizer.IsAdaptive && regularization.Any(regularizer => regularizer is L2Regularizer))
            yield return new(Warning, nameof(options.Regularization),
                $"{optimizer} divides the penalty's gradient by the size of past gradients, so that L2 hardly shrinks the weights that move most (Loshchilov and Hutter 2019); set Regularizer.WeightDecay");
        if (options.Network.Traits.Cell is not { IsPlain: true } && regularization.FirstOrDefault(regularizer => regularizer.WatchesFlow) is { } flow)
            yield return new(Error, nameof(options.Regularization),
                $"{flow} is a penalty on the steps of plain recurrent cells, and the network, {options.Network}, has none; take RecurrentCell.Tanh or Relu, or leave it out");
        if (options.Schedule is OneCycleSchedule { WarmUpSteps: > 0 })
            yield return new(Warning, nameof(options.Schedule), "OneCycle warms up by itself; leave WarmUpSteps out");
    }

    private static IEnumerable<OptionConflict> OfHeldOutRows(TrainingOptions options)
    {
        if (options.EarlyStopping is not null && options.ValidationFraction == 0 && options.ValidationSet is null)
            yield return new(Error, nameof(options.EarlyStopping), ConflictReasons.NoHeldOutRows);
    }

    private static bool StartsAtZero(Initializer initializer) => initializer is FixupInitializer or ConstantInitializer { Value: 0 };
}
