using System.Buffers.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Streaming;

/// <summary>A CSV in the folder for temporary files: a label, and features of which some explain it. Gone when disposed.</summary>
internal sealed class GeneratedFile : IDisposable
{
    public const int Features = 20;

    private const int LongestRow = 16 * (Features + 1);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.csv");

    public GeneratedFile(int rows)
    {
        Rows = rows;
        try
        {
            Write();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Rows { get; }

    public long Bytes => new FileInfo(_path).Length;

    public IDataView Load(MLContext ml) => ml.Data.LoadFromTextFile(_path, new TextLoader.Options
    {
        Columns = [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, 1, Features)],
        Separators = [','],
        HasHeader = true,
    });

    public void Dispose() => File.Delete(_path);

    private void Write()
    {
        var random = new Random(1);
        Span<double> x = stackalloc double[Features];
        var buffer = new byte[1 << 16];
        using var file = File.Create(_path, bufferSize: 0);
        file.Write("label"u8);
        for (var i = 0; i < Features; i++)
            file.Write([.. ",x"u8, (byte)('a' + i)]);
        var used = 0;
        buffer[used++] = (byte)'\n';
        for (var row = 0; row < Rows; row++)
        {
            foreach (ref var value in x)
                value = 2 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
            var noise = random.NextDouble() - 0.5;
            Append(buffer, ref used, Math.Sin(2 * x[0]) + x[1] * x[2] + 0.5 * x[3] - Math.Abs(x[4]) + 0.3 * noise, (byte)',');
            for (var i = 0; i < Features; i++)
                Append(buffer, ref used, x[i], (byte)(i < Features - 1 ? ',' : '\n'));
            if (used > buffer.Length - LongestRow)
            {
                file.Write(buffer, 0, used);
                used = 0;
            }
        }
        file.Write(buffer, 0, used);
    }

    /// <summary>Four places after the point, five times as fast as a format string.</summary>
    private static void Append(byte[] buffer, ref int used, double value, byte end)
    {
        var (whole, places) = Math.DivRem((int)Math.Round(Math.Abs(value) * 10_000), 10_000);
        if (value < 0)
            buffer[used++] = (byte)'-';
        Utf8Formatter.TryFormat(whole, buffer.AsSpan(used), out var written);
        used += written;
        buffer[used++] = (byte)'.';
        Utf8Formatter.TryFormat(places, buffer.AsSpan(used), out written, new('D', 4));
        used += written;
        buffer[used++] = end;
    }
}
