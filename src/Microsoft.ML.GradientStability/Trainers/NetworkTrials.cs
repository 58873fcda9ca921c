using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Which of several networks suits the rows: each trains on four in five of them, and the others judge. Of an ensemble one member does: what members add
/// is much the same to all, and a trial takes a third of the time. Where a <see cref="Temperature"/> is to be found the whole of it trains, for members together are less certain than one.
/// </summary>
internal static class NetworkTrials
{
    private const double HeldOutShare = 0.2;

    /// <summary>What less loss is no more than the chance of the rows held out; networks that are for few rows stand last (<c>build/bench.sh Tables</c>).</summary>
    private const double Chance = 0.03;

    /// <summary>By how many nats in all a network must tell the classes of the rows held out better: rows that are told nearly without loss are judged by one or two of them.</summary>
    private const double Evidence = 1;

    /// <param name="candidates">The networks; one alone where its temperature is all that is looked for.</param>
    /// <param name="options">The options of the fit to come where a network is taken.</param>
    /// <param name="data">The rows of the fit. Those that it holds out itself have no part in this.</param>
    /// <param name="objective">What is learnt.</param>
    /// <param name="scales">Whether a temperature is looked for.</param>
    /// <param name="seed">Of the fit.</param>
    /// <param name="begin">Makes what ends a trial when the fit is cancelled.</param>
    /// <returns>The network of the least loss, the first where there is nothing to judge by.</returns>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static TrialResult<TOptions> Judge<TOptions>(IReadOnlyList<Network> candidates, Func<Network, TOptions> options, TrainingData data, Objective objective, bool scales, int seed,
        Func<Cancellation> begin) where TOptions : DeepNetworkOptions
    {
        if (data.HoldOut(new HeldOutRows(HeldOutShare, ~seed)) is not { } split)
            return new(options(candidates[0]), null, $"Of {Count()} the first: there are no rows in memory to choose by.");
        var trials = new (double Temperature, double Loss)[candidates.Count];
        var best = trials.Length - 1;
        for (var i = best; i >= 0; i--)
        {
            trials[i] = Try(candidates[i]);
            if (IsBetter(trials[i].Loss, trials[best].Loss))
                best = i;
        }
        var line = Invariant($"Of {Count()} number {best + 1}: after training on {split.Statistics.Count} rows the losses on {split.HeldOut} others are ")
            + string.Join(", ", trials.Select(trial => Invariant($"{trial.Loss:G4}"))) + (scales ? $", at temperatures of {string.Join(", ", trials.Select(trial => Invariant($"{trial.Temperature:F2}")))}." : ".");
        return new(options(candidates[best]), trials[best].Temperature, line);

        string Count() => candidates.Count == 1 ? "1 network" : $"{candidates.Count} networks";

        bool IsBetter(double loss, double than) =>
            double.IsNaN(than) || loss < (1 - Chance) * than && (!objective.HasClasses || (than - loss) * split.HeldOut > Evidence);

        (double, double) Try(Network candidate)
        {
            var trial = options(candidate);
            (trial.Network, trial.Detectors, trial.Reports, trial.Progress) = (scales ? candidate : candidate.OneMember, [], [], null);
            (trial.ValidationSet, trial.ValidationFraction, trial.EarlyStopping) = (null, 0, null);
            var cancellation = begin();
            using var reporter = ProgressReporter.Silent(trial);
            var result = NetworkFit.Try(split, objective, trial, scales, seed, reporter, cancellation);
            cancellation.ThrowIfCancelled();
            return result;
        }
    }
}
