using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>What a fit will train, as its rows speak for it.</summary>
/// <param name="Options">With the network that trials on some of the rows speak for.</param>
/// <param name="Data">The rows; where they are many, without those that will tell the temperature.</param>
/// <param name="Temperature">As trials found it; <see langword="null"/> where none did.</param>
internal readonly record struct FitPlan<TOptions>(TOptions Options, TrainingData Data, double? Temperature);

/// <summary>How a fit is planned: see <see cref="FitPlan{TOptions}"/>.</summary>
internal static class FitPlan
{
    /// <summary>Of many rows the share that tells a temperature, and how many tell it well enough: each more that does not train costs more than it tells (<c>build/bench.sh Tables</c>).</summary>
    private const double ShareForTemperature = 0.02, RowsForTemperature = 256;

    /// <param name="options">As they were given, with what they leave to the number of rows.</param>
    /// <param name="with">The same with one of the networks.</param>
    /// <param name="data">The rows.</param>
    /// <param name="objective">What is learnt.</param>
    /// <param name="scales">Whether a temperature is looked for.</param>
    /// <param name="isNew">Whether training does not go on from a model.</param>
    /// <param name="seed">Of the fit.</param>
    /// <param name="begin">Makes what ends a trial when the fit is cancelled.</param>
    /// <param name="channel">Is told what was found, and where a temperature that was asked for cannot be.</param>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static FitPlan<TOptions> Of<TOptions>(TOptions options, Func<Network, TOptions> with, TrainingData data, Objective objective, bool scales, bool isNew, int seed,
        Func<Cancellation> begin, IChannel channel) where TOptions : DeepNetworkOptions
    {
        var (candidates, areFew) = (options.Network.Alternatives, data.Statistics.Count <= NetworkChoice.MostRows);
        // Rows that the fit holds out will tell it.
        var isOpen = scales && data.HeldOut == 0 && options.ValidationSet is null;
        var isAsked = isOpen && options is ClassificationOptions { TemperatureScaling: true };
        double? temperature = null;
        if (candidates.Count > 1 || isAsked && areFew && isNew)
        {
            (options, temperature, var how) = NetworkTrials.Judge(candidates, with, data, objective, scales, seed, begin);
            channel.Info(MessageSensitivity.None, "{0}", how);
        }
        else if (isOpen && !areFew && data.HoldOut(new HeldOutRows(Math.Min(ShareForTemperature, RowsForTemperature / data.Statistics.Count), ~seed)) is { } split)
        {
            return new(options, split, null);
        }
        if (isAsked && temperature is null)
            channel.Warning(MessageSensitivity.None, "{0}", $"{nameof(ClassificationOptions.TemperatureScaling)}: {(isNew ? "there are no rows in memory" : "training goes on, and no rows were held out")} "
                + $"to find a temperature by; the scores stay as they are. Set a {nameof(TrainingOptions.ValidationFraction)}, or pass a {nameof(TrainingOptions.ValidationSet)}.");
        return new(options, data, temperature);
    }
}
