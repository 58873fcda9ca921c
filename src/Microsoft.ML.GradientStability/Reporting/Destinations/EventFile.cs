using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// TensorBoard's event file: records of a length, its checksum, an <c>Event</c> and its checksum, in TensorFlow's TFRecord framing. TorchSharp's
/// own <c>SummaryWriter</c> gives the first record a time of its own, opens the file anew for every single scalar, and cannot be disposed
/// of; of it only the protobuf classes are used.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private readonly FileStream _file;

    /// <param name="folder">Exists.</param>
    public EventFile(string folder)
    {
        // The name that TensorBoard looks for; no buffer: a record is one call of the system.
        _file = new FileStream(Path.Combine(folder, $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}.{Environment.MachineName}.{Environment.ProcessId}"),
            FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Write(new Event { FileVersion = "brain.Event:2" });
    }

    /// <summary>The values of tags at a step, in one record.</summary>
    public void Scalars(long step, IEnumerable<(string Tag, double Value)> values)
    {
        var summary = new Summary();
        foreach (var (tag, value) in values)
            summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });
        Write(new Event { Step = step, Summary = summary });
    }

    /// <summary>Magnitudes at a step, over their decimal logarithm.</summary>
    public void Histogram(long step, string tag, Histogram histogram)
    {
        var counts = new HistogramProto { Min = GradientStability.Histogram.LeastDecade, Max = GradientStability.Histogram.GreatestDecade + 1, Num = histogram.Decades.Sum() };
        for (var i = 0; i < histogram.Decades.Count; i++)
        {
            counts.BucketLimit.Add(GradientStability.Histogram.LeastDecade + i + 1);
            counts.Bucket.Add(histogram.Decades[i]);
        }
        Write(new Event { Step = step, Summary = new Summary { Value = { new Summary.Types.Value { Tag = tag, Histo = counts } } } });
    }

    /// <summary>A text in Markdown at a step.</summary>
    public void Text(long step, string tag, string text)
    {
        var value = new Summary.Types.Value
        {
            Tag = tag,
            Metadata = new SummaryMetadata { PluginData = new SummaryMetadata.Types.PluginData { PluginName = "text" } },
            Tensor = new TensorProto { Dtype = DataType.DtString, TensorShape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = 1 } } } },
        };
        value.Tensor.StringVal.Add(ByteString.CopyFromUtf8(text));
        Write(new Event { Step = step, Summary = new Summary { Value = { value } } });
    }

    public void Dispose() => _file.Dispose();

    private void Write(Event record)
    {
        record.WallTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var data = record.ToByteArray();
        var bytes = new byte[data.Length + 16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), MaskedCrc(bytes.AsSpan(0, 8)));
        data.CopyTo(bytes, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12 + data.Length), MaskedCrc(data));
        _file.Write(bytes);
    }

    /// <summary>CRC-32C, rotated right by 15 bits, plus 0xa282ead8: a checksum of data that holds checksums must not be weak.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}
