using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Serving;

/// <summary>
/// Callers on a connection each, who send the same request and wait for its answer. They share the machine with the service, so they do no more than that: sockets,
/// no HTTP client.
/// </summary>
internal sealed class Load(Uri address, string path, string body, int callers)
{
    private readonly byte[] _request = Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private readonly List<long> _times = [];

    /// <summary>Requests a second.</summary>
    public Rates Rates { get; } = new();

    /// <summary>Of all requests but those of the first round.</summary>
    public TimeSpan Percentile(double share)
    {
        _times.Sort();
        return Stopwatch.GetElapsedTime(0, _times[(int)(share * (_times.Count - 1))]);
    }

    public Task Run(TimeSpan time) => Rates.Add(async () =>
    {
        var clock = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => Call(clock, time))));
        if (Rates.Rounds > 0)
            _times.AddRange(times.SelectMany(t => t));
        return times.Sum(t => (long)t.Count);
    });

    private async Task<List<long>> Call(Stopwatch clock, TimeSpan time)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        var times = new List<long>();
        var buffer = new byte[4096];
        while (clock.Elapsed < time)
        {
            var started = Stopwatch.GetTimestamp();
            await socket.SendAsync(_request);
            var read = 0;
            while (!IsWhole(buffer.AsSpan(0, read)))
                read += await socket.ReceiveAsync(buffer.AsMemory(read)) is > 0 and var more ? more : throw new InvalidOperationException($"{path} closed the connection");
            if (!buffer.AsSpan().StartsWith("HTTP/1.1 200"u8))
                throw new InvalidOperationException(Encoding.ASCII.GetString(buffer, 0, read));
            times.Add(Stopwatch.GetTimestamp() - started);
        }
        return times;
    }

    /// <summary>Whether the answer's end is there: that of its one JSON object, or of the last chunk.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer) => answer.EndsWith("}"u8) || answer.EndsWith("}\r\n0\r\n\r\n"u8);
}
