namespace Microsoft.ML.GradientStability;

/// <summary>
/// Loss and gradient of a batch by a network and a loss that are written out, without LibTorch and its graph: the same as those, but for rounding, and some
/// times as fast where layers are small.
/// </summary>
internal sealed class WrittenStep
{
    private const long MostNumbers = 1 << 30;

    private readonly WrittenNetwork _network;
    private readonly WrittenLoss _loss;

    private WrittenStep(WrittenNetwork network, WrittenLoss loss) => (_network, _loss) = (network, loss);

    /// <summary>
    /// The rule by which a fit takes its steps: written out on the host where every part of its network is, its loss is too, its rows are dense, and the numbers
    /// of a layer over a batch fit into an array; <see langword="null"/> where LibTorch's graph does it.
    /// </summary>
    public static WrittenStep? Of(TrainingContext context, NetworkModule module)
    {
        if (context.Parameters.IsOnDevice || context.Parameters.SlotBySlot || (context.Options.BatchSize ?? 1) * (module.Members?.Members ?? 1L) * module.Layers.Max(layer => Math.Max(layer.Inputs, layer.Units)) > MostNumbers)
            return null;
        return context.Objective.WriteOut() is { } loss && module.WriteOut() is { } network
            ? new WrittenStep(network, module.Members is { Members: var members } ? new MembersLoss(loss, members) : loss) : null;
    }

    /// <summary>The loss of a batch; <paramref name="factor"/> times its gradient is added to the gradients of the parameters.</summary>
    public double Backward(in Batch batch, double factor)
    {
        var outputs = _network.Forward(batch.Features, training: true);
        var loss = _loss.Differentiate(outputs, _network.Scaled, batch, factor);
        _network.Backward(outputs);
        return loss;
    }
}
