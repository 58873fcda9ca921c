using System.Security.Cryptography;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// What a quick look at a path shows of the file behind it, through whatever links: its time, its length, and a hash of samples of its bytes. Time and length do
/// not do: models of one shape are equally long, and builds that give all files the same time, or a clock of a few milliseconds, make them equally old.
/// </summary>
internal sealed record FileStamp(DateTime Written, long Length, string Samples)
{
    /// <summary>Spread evenly over the file. A model that was trained anew differs in nearly every byte of its weights.</summary>
    private const int SampleCount = 16;

    private const int SampleBytes = 4096;

    /// <summary>Null where there is no file, or none that can be read.</summary>
    public static FileStamp? Of(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            Span<byte> samples = new byte[SampleCount * SampleBytes];
            var read = 0;
            for (var i = 0; i < SampleCount; i++)
                read += RandomAccess.Read(file, samples.Slice(read, SampleBytes), Math.Max(0, length - SampleBytes) / (SampleCount - 1) * i);
            return new(File.GetLastWriteTimeUtc(file), length, Convert.ToHexString(SHA256.HashData(samples[..read])));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
