namespace Microsoft.ML.GradientStability;

/// <summary>
/// The random numbers of one fit. They follow from its seed, what they are for, the epoch and the step, and from nothing else that the
/// process does: not from LibTorch's generator, other fits, timing, or the epochs that came before. Used by one thread.
/// </summary>
internal sealed class FitRandom(int seed)
{
    private const ulong OfWeights = 1, OfOrder = 2, OfSteps = 3;

    private ulong _key = Key(seed, OfWeights, 0, 0);
    private ulong _draws;

    /// <summary>Begins a step, from 1: what is drawn from here on belongs to it. Before the first step, weights are drawn.</summary>
    public void Begin(int epoch, long step) => (_key, _draws) = (Key(seed, OfSteps, epoch, step), 0);

    /// <summary>The numbers of the next one to draw in the step: a dropout, a block, a layer that starts.</summary>
    public RandomNumbers Next() => new(SplitMix64.Mix(_key, _draws++));

    /// <summary>Draws the order of the rows in an epoch, from 1.</summary>
    public Random Order(int epoch) => new((int)(Key(seed, OfOrder, epoch, 0) >> 33));

    private static ulong Key(int seed, ulong purpose, int epoch, long step) =>
        SplitMix64.Mix(SplitMix64.Mix(SplitMix64.Mix((ulong)seed, purpose), (ulong)epoch), (ulong)step);
}
