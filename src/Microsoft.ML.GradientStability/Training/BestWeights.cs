namespace Microsoft.ML.GradientStability;

/// <summary>Keeps the weights of the epoch with the lowest validation loss, and counts the epochs since.</summary>
internal sealed class BestWeights(NetworkModule module, FlatParameters parameters, double minDelta)
{
    private readonly TorchSharp.torch.Tensor[] _buffers = [.. module.ScoringBuffers().Select(b => b.Values)];
    private float[] _parameters = [];
    private float[][] _bufferValues = [];
    private double _bar = double.PositiveInfinity;

    /// <summary>The epoch they are of; 0 for none yet.</summary>
    public int Epoch { get; private set; }

    public double Loss { get; private set; } = double.PositiveInfinity;

    public double? Accuracy { get; private set; }

    /// <summary>Epochs since the loss last fell by the least that counts.</summary>
    public int EpochsWithoutImprovement { get; private set; }

    public void Offer(int epoch, double loss, double? accuracy)
    {
        EpochsWithoutImprovement = loss < _bar - minDelta ? 0 : EpochsWithoutImprovement + 1;
        _bar = EpochsWithoutImprovement == 0 ? loss : _bar;
        if (!(loss < Loss))
            return;
        (Epoch, Loss, Accuracy) = (epoch, loss, accuracy);
        _parameters = parameters.CopyTo(_parameters);
        _bufferValues = [.. _buffers.Select(buffer => parameters.Near(buffer).ToArray())];
    }

    /// <summary>Puts them back into the network, where there are any.</summary>
    public void Restore()
    {
        if (Epoch == 0)
            return;
        parameters.CopyFrom(_parameters);
        for (var i = 0; i < _buffers.Length; i++)
            parameters.Near(_buffers[i]).CopyFrom(_bufferValues[i]);
    }
}
