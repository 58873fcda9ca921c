using Microsoft.ML.GradientStability;

namespace Tables;

/// <summary>The study that the defaults were chosen by: each beside its neighbours.</summary>
internal static class Study
{
    public static IReadOnlyList<Contestant> Variants { get; } = [.. Make()];

    private static IEnumerable<Contestant> Make()
    {
        var network = (FeedForwardNetwork)new DeepNetworkRegressionTrainer.Options().Network;
        yield return Contestant.Network("default");
        foreach (var rate in new[] { 0.003, 0.004, 0.008 })
            yield return Contestant.Network($"rate {rate}", o => o.Optimizer = Optimizer.Adam(rate));
        foreach (var dropout in new[] { 0.1, 0.2, 0.4 })
            yield return Contestant.Network($"dropout {dropout}", o => o.Network = network with { Dropout = dropout, DropoutByRows = false });
        foreach (var members in new[] { 1, 2, 8 })
            yield return Contestant.Network($"ensemble of {members}", o => o.Network = network with { Ensemble = members });
        yield return Contestant.Network("64 rows a batch", o => o.BatchSize = 64);
        yield return Contestant.Network("no codes", o => o.Network = network with { Encoding = InputEncoding.None });
        yield return Contestant.Network("robust", o => o.Network = network with { Encoding = InputEncoding.Robust });
        yield return Contestant.Network("periodic", o => o.Network = network with { Encoding = InputEncoding.Periodic() });
        yield return Contestant.Network("8 bins, scale 0.3", o => o.Network = network with { Encoding = InputEncoding.PiecewiseLinear(8, 0.3) });
        yield return Contestant.Network("16 bins, scale 1", o => o.Network = network with { Encoding = InputEncoding.PiecewiseLinear(16, 1) });
        yield return Contestant.Network("one layer of 256", o => o.Network = network with { HiddenUnits = [256] });
        yield return Contestant.Network("256, 128", o => o.Network = network with { HiddenUnits = [256, 128] });
        yield return Contestant.Network("layer normalization", o => o.Network = network with { Normalization = Normalization.Layer });
        yield return Contestant.Network("constant rate", o => o.Schedule = LearningRateSchedule.Constant);
        yield return Contestant.Network("label smoothing 0.05", o =>
        {
            if (o is DeepNetworkMulticlassTrainer.Options classes)
                classes.LabelSmoothing = 0.05;
        });
    }
}
