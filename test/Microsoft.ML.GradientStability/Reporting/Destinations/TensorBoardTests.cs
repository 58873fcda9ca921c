using Tensorboard;

namespace Microsoft.ML.GradientStability.Tests.Reporting.Destinations;

[TestClass]
public sealed class TensorBoardTests
{
    [TestMethod]
    public void An_event_file_holds_the_scalars_of_a_fit_and_its_findings()
    {
        var folder = Observed.Folder();
        var begin = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        Observed.Fit(Report.TensorBoard(folder) with { Steps = 2 });
        var events = Read(Directory.GetFiles(Path.Combine(folder, "fit1"), "events.out.tfevents.*").Single());

        Assert.AreEqual("brain.Event:2", events[0].FileVersion);
        foreach (var e in events)
            Assert.IsTrue(e.WallTime >= begin && e.WallTime <= begin + 600, $"{e.WallTime}");
        var values = events.Skip(1).SelectMany(e => e.Summary.Value.Select(v => (e.Step, v))).ToArray();
        CollectionAssert.AreEqual(new long[] { 2, 4 }, values.Where(v => v.v.Tag == "layer gradient norm/hidden layer 1 of 1 (2→4)").Select(v => v.Step).ToArray());
        CollectionAssert.AreEquivalent(
            new[]
            {
                "options", "findings", "loss/batch", "loss/training", "loss/validation", "accuracy/validation", "learning rate", "clipped share",
                "gradient norm/raw", "gradient norm/clipped", "layer gradient norm/hidden layer 1 of 1 (2→4)", "layer gradient norm/output layer (4→3)",
                "gradient cosine", "gradient noise scale", "update ratio/hidden layer 1 of 1 (2→4)", "update ratio/output layer (4→3)",
                "weight norm/hidden layer 1 of 1 (2→4)", "weight norm/output layer (4→3)",
                "dead units/hidden layer 1 of 1 (2→4)", "activation spread/hidden layer 1 of 1 (2→4)",
            }, values.Select(v => v.v.Tag).Distinct().ToArray());
        var finding = values.Single(v => v.v.Tag == "findings");
        Assert.AreEqual(1, finding.Step);
        Assert.AreEqual("text", finding.v.Metadata.PluginData.PluginName);
        Assert.Contains("Exploding gradient", finding.v.Tensor.StringVal[0].ToStringUtf8());
    }

    [TestMethod]
    public void Histograms_are_there_where_they_are_asked_for()
    {
        var folder = Observed.Folder();
        Observed.Fit(o => o.Histograms = true, Report.TensorBoard(folder));
        var counts = Read(Directory.GetFiles(Path.Combine(folder, "fit1")).Single()).Skip(1).SelectMany(e => e.Summary.Value)
            .Single(v => v.Tag == "log10 weight/hidden layer 1 of 1 (2→4)").Histo;
        Assert.AreEqual(12, counts.Num);
        Assert.AreEqual(counts.Num, counts.Bucket.Sum());
        Assert.HasCount(counts.Bucket.Count, counts.BucketLimit);
    }

    [TestMethod]
    public void Every_fit_has_a_folder_of_its_own()
    {
        var folder = Observed.Folder();
        Observed.Fit(Report.TensorBoard(folder));
        Observed.Fit(Report.TensorBoard(folder));
        CollectionAssert.AreEqual(new[] { "fit1", "fit2" }, Directory.GetDirectories(folder).Select(Path.GetFileName).Order().ToArray());
    }

    /// <summary>CRC-32C of "123456789" is 0xe3069283 by RFC 3720; the mask is TensorFlow's.</summary>
    [TestMethod]
    public void The_checksum_is_that_of_the_standard()
    {
        const uint crc = 0xe3069283;
        Assert.AreEqual(((crc >> 15) | (crc << 17)) + 0xa282ead8, EventFile.MaskedCrc("123456789"u8));
    }

    /// <summary>The records, every length and checksum looked at by a bitwise CRC.</summary>
    private static List<Event> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var events = new List<Event>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BitConverter.ToUInt64(bytes, at);
            Assert.AreEqual(Masked(bytes[at..(at + 8)]), BitConverter.ToUInt32(bytes, at + 8));
            var data = bytes[(at + 12)..(at + 12 + length)];
            Assert.AreEqual(Masked(data), BitConverter.ToUInt32(bytes, at + 12 + length));
            events.Add(Event.Parser.ParseFrom(data));
            at += length + 16;
        }
        return events;
    }

    private static uint Masked(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82f63b78);
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
