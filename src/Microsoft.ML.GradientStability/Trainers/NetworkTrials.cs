using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Which of several networks suits the rows: each trains on four in five of them, and the others judge. Of an ensemble one member does: what members add
/// is much the same to all, and a trial takes a third of the time.
/// </summary>
internal static class NetworkTrials
{
    private const double HeldOutShare = 0.2;

    /// <summary>What less loss is no more than the chance of the rows held out; networks that are for few rows stand last (<c>build/bench.sh Tables</c>).</summary>
    private const double Chance = 0.03;

    /// <param name="candidates">The networks.</param>
    /// <param name="options">The options of the fit to come where a network is taken.</param>
    /// <param name="data">The rows of the fit. Those that it holds out itself have no part in this.</param>
    /// <param name="objective">What is learnt.</param>
    /// <param name="seed">Of the fit.</param>
    /// <param name="begin">Makes what ends a trial when the fit is cancelled.</param>
    /// <returns>The options with the network of the least loss, with the first where there is nothing to judge by; and how it was found, in a line.</returns>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static (TOptions Best, string How) Judge<TOptions>(
        IReadOnlyList<Network> candidates, Func<Network, TOptions> options, TrainingData data, Objective objective, int seed, Func<Cancellation> begin) where TOptions : DeepNetworkOptions
    {
        if (data.HoldOut(new HeldOutRows(HeldOutShare, ~seed)) is not { } split)
            return (options(candidates[0]), $"Of {candidates.Count} networks the first: there are no rows in memory to choose by.");
        var losses = new double[candidates.Count];
        var best = losses.Length - 1;
        for (var i = best; i >= 0; i--)
        {
            losses[i] = Try(candidates[i]);
            if (losses[i] < (1 - Chance) * losses[best] || double.IsNaN(losses[best]))
                best = i;
        }
        return (options(candidates[best]), Invariant($"Of {candidates.Count} networks number {best + 1}: after training on {split.Statistics.Count} rows the losses on {split.HeldOut} others are ")
            + $"{string.Join(", ", losses.Select(loss => Invariant($"{loss:G4}")))}.");

        double Try(Network candidate)
        {
            var trial = options(candidate);
            (trial.Network, trial.Detectors, trial.Reports, trial.Progress) = (candidate.OneMember, [], [], null);
            (trial.ValidationSet, trial.ValidationFraction, trial.EarlyStopping) = (null, 0, null);
            var cancellation = begin();
            using var reporter = ProgressReporter.Silent(trial);
            var loss = NetworkFit.Try(split, objective, trial, seed, reporter, cancellation);
            cancellation.ThrowIfCancelled();
            return loss;
        }
    }
}
