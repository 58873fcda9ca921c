using System.Runtime.InteropServices;

namespace GradientStability.Polyfills.TorchSharp.Tests.Tensors;

[TestClass]
public sealed class DataTests : TorchTests
{
    [TestMethod]
    public void Item_reads_the_only_element()
    {
        Assert.AreEqual(2.5f, tensor(2.5f).item<float>());
        Assert.AreEqual(7L, tensor(new List<long> { 7 }).item<long>());
        Assert.AreEqual(2.5, tensor(2.5f).ToDouble());
        Assert.AreEqual(2.5f, tensor(2.5f).ToSingle());
        Assert.AreEqual(3L, tensor(3L).ToInt64());
        Assert.ThrowsExactly<ArgumentException>(() => zeros(2).item<float>());
        Assert.ThrowsExactly<ArgumentException>(() => zeros(1).item<double>());
    }

    [TestMethod]
    public void Bytes_are_the_memory_itself()
    {
        var values = zeros(3);
        MemoryMarshal.Cast<byte, float>(values.bytes)[1] = 4;
        AreNear([0, 4, 0], values);
        values.bytes = MemoryMarshal.AsBytes<float>(new float[] { 1, 2, 3 }.AsSpan());
        AreNear([1, 2, 3], values);
        Assert.AreEqual(12, values.bytes.Length);
        Assert.ThrowsExactly<ArgumentException>(() => values.bytes = new byte[4]);
    }

    [TestMethod]
    public void An_accessor_reads_and_writes_in_row_major_order()
    {
        var turned = arange(6, float32).view(2, 3).t();
        var data = turned.data<float>();
        Assert.AreEqual(6, data.Count);
        CollectionAssert.AreEqual(new float[] { 0, 3, 1, 4, 2, 5 }, data.ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 3, 1, 4, 2, 5 }, data.ToList());
        Assert.AreEqual(4, data[1, 1]);
        Assert.AreEqual(4, data[3]);
        data[2, 0] = 9;
        Assert.AreEqual(9, turned[2, 0].item<float>());
        var some = new float[2];
        data.CopyTo(some);
        CollectionAssert.AreEqual(new float[] { 0, 3 }, some);
        arange(6, float32).data<float>().CopyTo(some, 1, 4);
        CollectionAssert.AreEqual(new float[] { 0, 4 }, some);
        data.CopyFrom(new float[] { 7, 8 }, 0, 0);
        Assert.AreEqual(8, data[1]);
        Assert.ThrowsExactly<IndexOutOfRangeException>(() => data[6]);
        Assert.ThrowsExactly<ArgumentException>(() => turned.data<double>());
    }

    [TestMethod]
    public void Conversions_copy_only_where_they_must()
    {
        var values = tensor(new float[] { 1.7f, -1.7f });
        AreNear([1, -1], values.to_type(ScalarType.Int64));
        Assert.AreEqual(ScalarType.Float64, values.to(ScalarType.Float64).dtype);
        values.to(CPU).fill_(3);
        AreNear([3, 3], values);
        values.to(CPU, copy: true).fill_(4);
        values.clone().fill_(4);
        AreNear([3, 3], values);
        values.alias().fill_(5);
        AreNear([5, 5], values);
        AreNear([1, 2], values.copy_(tensor(new double[] { 1, 2 })));
        Assert.AreEqual(DeviceType.CPU, values.device.type);
        Assert.AreEqual("cpu", values.device.ToString());
    }

    [TestMethod]
    public void A_tensors_text_tells_shape_type_and_device() =>
        Assert.AreEqual("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());
}
