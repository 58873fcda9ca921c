using Microsoft.ML.GradientStability;

namespace Tables;

/// <summary>The study that the defaults were chosen by: each beside its neighbours.</summary>
internal static class Study
{
    private static readonly NetworkChoice s_default = (NetworkChoice)new DeepNetworkRegressionTrainer.Options().Network;

    public static IReadOnlyList<Contestant> Variants { get; } = [.. Make()];

    private static IEnumerable<Contestant> Make()
    {
        yield return Contestant.Network("default");
        var (bold, cautious) = ((FeedForwardNetwork)s_default.Candidates[0], (FeedForwardNetwork)s_default.Candidates[1]);
        yield return Contestant.Network("first candidate", o => o.Network = bold);
        yield return Contestant.Network("second candidate", o => o.Network = cautious);
        foreach (var rate in new[] { 0.003, 0.004, 0.008 })
            yield return Contestant.Network($"rate {rate}", o => o.Optimizer = Optimizer.Adam(rate));
        yield return Contestant.Network("no temperature", o =>
        {
            if (o is ClassificationOptions classes)
                classes.TemperatureScaling = false;
        });
        yield return Of("dropout 0.05 and 0.3", bold with { Dropout = 0.05 }, cautious);
        yield return Of("dropout 0.1 and 0.2", bold, cautious with { Dropout = 0.2 });
        yield return Of("dropout 0.1 and 0.4", bold, cautious with { Dropout = 0.4 });
        foreach (var members in new[] { 1, 2, 8 })
            yield return Both($"ensemble of {members}", network => network with { Ensemble = members });
        yield return Contestant.Network("64 rows a batch", o => o.BatchSize = 64);
        yield return Both("no codes", network => network with { Encoding = InputEncoding.None });
        yield return Both("robust", network => network with { Encoding = InputEncoding.Robust });
        yield return Both("periodic", network => network with { Encoding = InputEncoding.Periodic() });
        yield return Both("quantiles", network => network with { Encoding = InputEncoding.PiecewiseLinear() });
        yield return Both("trees", network => network with { Encoding = InputEncoding.PiecewiseLinear(edges: BinEdges.Tree) });
        yield return Both("32 bins", network => network with { Encoding = (PiecewiseLinearEncoding)network.Encoding with { Bins = 32 } });
        yield return Both("scale 0.7", network => network with { Encoding = (PiecewiseLinearEncoding)network.Encoding with { Scale = 0.7 } });
        yield return Both("one layer of 256", network => network with { HiddenUnits = [256] });
        yield return Both("256, 128", network => network with { HiddenUnits = [256, 128] });
        yield return Both("layer normalization", network => network with { Normalization = Normalization.Layer });
        yield return Contestant.Network("constant rate", o => o.Schedule = LearningRateSchedule.Constant);
        yield return Contestant.Network("label smoothing 0.05", o =>
        {
            if (o is DeepNetworkMulticlassTrainer.Options classes)
                classes.LabelSmoothing = 0.05;
        });

        Contestant Of(string name, params Network[] candidates) => Contestant.Network(name, o => o.Network = Network.BestOf(candidates));
        Contestant Both(string name, Func<FeedForwardNetwork, FeedForwardNetwork> change) => Of(name, change(bold), change(cautious));
    }
}
