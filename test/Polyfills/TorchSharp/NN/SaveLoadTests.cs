namespace GradientStability.Polyfills.TorchSharp.Tests.NN;

[TestClass]
public sealed class SaveLoadTests : TorchTests
{
    private static global::TorchSharp.Modules.Sequential Network() =>
        Sequential(("hidden", Linear(3, 4)), ("norm", BatchNorm1d(4)), ("out", Linear(4, 2)));

    [TestMethod]
    public void A_network_comes_back_from_its_file()
    {
        using var net = Network();
        net.forward(randn(8, 3));
        var file = Path.GetTempFileName();
        try
        {
            net.save(file);
            using var other = Network();
            other.load(file);
            foreach (var (key, value) in net.state_dict()) Assert.IsTrue(value.Equals(other.state_dict()[key]), key);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    public void The_stream_holds_count_then_name_type_shape_and_elements()
    {
        using var layer = Linear(300, 1, hasBias: false);
        var stream = new MemoryStream();
        layer.save(stream);
        using var reader = new BinaryReader(new MemoryStream(stream.ToArray()));
        Assert.AreEqual(1, reader.ReadByte());
        Assert.AreEqual("weight", reader.ReadString());
        Assert.AreEqual((byte)ScalarType.Float32, reader.ReadByte());
        Assert.AreEqual(2, reader.ReadByte());
        Assert.AreEqual(1, reader.ReadByte());
        Assert.AreEqual(0b1010_1100, reader.ReadByte()); // 300 = 2·128 + 44, the low seven bits first
        Assert.AreEqual(0b0000_0010, reader.ReadByte());
        foreach (var value in layer.weight!.data<float>().ToArray()) Assert.AreEqual(value, reader.ReadSingle());
        Assert.AreEqual(stream.ToArray().Length, reader.BaseStream.Position);
    }

    [TestMethod]
    public void Parameters_come_before_buffers()
    {
        using var net = Network();
        CollectionAssert.AreEqual(
            new[] { "hidden.weight", "hidden.bias", "norm.weight", "norm.bias", "out.weight", "out.bias", "norm.running_mean",
                "norm.running_var", "norm.num_batches_tracked" },
            net.state_dict().Keys.ToArray());
    }

    [TestMethod]
    public void A_file_of_another_network_is_refused()
    {
        var stream = new MemoryStream();
        using (var layer = Linear(2, 2)) layer.save(stream);
        Assert.ThrowsExactly<ArgumentException>(() => Linear(2, 3).load(new MemoryStream(stream.ToArray())));
        Assert.ThrowsExactly<ArgumentException>(() => Linear(2, 2, hasBias: false).load(new MemoryStream(stream.ToArray())));
        Assert.ThrowsExactly<FileNotFoundException>(() => Linear(2, 2).load("no such file"));
    }

    [TestMethod]
    public void A_state_is_copied_into_another_network()
    {
        using var net = Network();
        using var other = Network();
        var (missing, unexpected) = other.load_state_dict(net.state_dict());
        Assert.IsEmpty(missing);
        Assert.IsEmpty(unexpected);
        AreSame(net.parameters().First(), other.parameters().First());
        Assert.IsTrue(other.parameters().First().requires_grad);
        Assert.ThrowsExactly<InvalidOperationException>(() => Linear(1, 1).load_state_dict(net.state_dict()));
    }
}
