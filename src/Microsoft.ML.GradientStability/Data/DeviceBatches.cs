using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The batches of another source, on a device; sparse rows are dense there, for what reads slot by slot is on the host.</summary>
internal sealed class DeviceBatches : BatchSource
{
    private readonly BatchSource _source;
    private readonly Device _device;

    /// <param name="source">Theirs; disposed of with this.</param>
    /// <param name="device">Where they are wanted.</param>
    public DeviceBatches(BatchSource source, Device device) => (_source, _device, IsForeign) = (source, device, source.IsForeign);

    public override long Rows => _source.Rows;

    public override long Batches => _source.Batches;

    public override void Begin(Random? shuffle) => _source.Begin(shuffle);

    public override bool Next(out Batch batch)
    {
        if (!_source.Next(out batch))
            return false;
        var features = batch.Features.is_sparse ? batch.Features.to_dense() : batch.Features;
        batch = new Batch(features.to(_device), batch.Targets.to(_device), batch.Weights?.to(_device));
        return true;
    }

    public override IReadOnlyList<long> LastRows(int batches) => _source.LastRows(batches);

    public override void Dispose() => _source.Dispose();
}
