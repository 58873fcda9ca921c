using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Data;

[TestClass]
public sealed class DeviceBatchesTests
{
    /// <summary>What reads sparse rows slot by slot is on the host.</summary>
    [TestMethod]
    public void Sparse_rows_are_dense_on_a_device()
    {
        using var scope = NewDisposeScope();
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(WideRows.Of(40));
        var columns = new InputColumns("Features", nameof(WideRows.Row.Yes), null, new BooleanLabelReader()).Bind(view.Schema);
        var data = TrainingData.Read(view, columns, new HeldOutRows(0.25, 3), 1 << 30, Cancellation.None);
        using var host = data.Validation(16, 1, ScalarType.Float32, sparse: true);
        using var device = new DeviceBatches(data.Validation(16, 1, ScalarType.Float32, sparse: true), CPU);
        host.Begin(null);
        device.Begin(null);
        Assert.IsTrue(host.Next(out var sparse));
        Assert.IsTrue(device.Next(out var dense));
        Assert.IsTrue(sparse.Features.is_sparse);
        Assert.IsFalse(dense.Features.is_sparse);
        Assert.IsTrue(sparse.Features.to_dense().equal(dense.Features).all().item<bool>());
        Assert.IsTrue(sparse.Targets.equal(dense.Targets).all().item<bool>());
    }
}
