using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.GradientStability.Serving.Tests.Robustness;

/// <summary>Requests that no honest client sends, each by a seed, to a service whose one input is <c>Features</c> of four numbers at <c>/predict</c>.</summary>
internal sealed class HostileRequests(Uri address)
{
    private const string Row = """{"Features":[0,1,0,0]}""";

    private static readonly string[] s_values =
        ["null", "true", "\"NaN\"", "1e39", "-1e400", "1e-400", "0.1e", "[]", "{}", "[[[[", "\"\\ud800\"", "\"\0\"", "99999999999999999999999999", "-", "Infinity", "{\"Features\":[1]}"];

    private readonly Dictionary<string, int> _answers = [];

    /// <summary>Requests by what came back: a status, <c>left</c> where the request was broken off on purpose, <c>closed</c> where the server did.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>Sends so many requests; after each fiftieth an honest one, which has to be answered. A server error (500) ends the run with an exception.</summary>
    public async Task Run(int count, int seed)
    {
        using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        for (var i = 0; i < count; i++)
        {
            var answer = await Send(new Random(seed + i));
            _answers[answer] = _answers.GetValueOrDefault(answer) + 1;
            if (answer.StartsWith("50", StringComparison.Ordinal) && answer != "504")
                throw new InvalidOperationException($"request {seed + i} was answered with {answer}");
            if (i % 50 != 49)
                continue;
            using var honest = await client.PostAsync("/predict", new StringContent(Row, Encoding.UTF8, "application/json"));
            if (!honest.IsSuccessStatusCode || !(await honest.Content.ReadAsStringAsync()).Contains("\"green\""))
                throw new InvalidOperationException($"after request {seed + i} an honest one was answered with {honest.StatusCode}");
        }
    }

    private async Task<string> Send(Random random)
    {
        var body = Body(random);
        var head = Head(random, body.Length, out var leaves);
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        var stream = socket.GetStream();
        try
        {
            await stream.WriteAsync(head);
            // In pieces, some of them late.
            for (var at = 0; at < body.Length;)
            {
                var piece = Math.Min(body.Length - at, random.Next(4) == 0 ? random.Next(1, 16) : body.Length);
                await stream.WriteAsync(body.AsMemory(at, piece));
                at += piece;
                if (leaves && random.Next(3) == 0)
                    return "left";
                if (random.Next(40) == 0)
                    await Task.Delay(random.Next(20));
            }
            if (leaves)
                return "left";
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var buffer = new byte[16];
            var read = 0;
            while (read < 12)
            {
                var more = await stream.ReadAsync(buffer.AsMemory(read), late.Token);
                if (more == 0)
                    return "closed";
                read += more;
            }
            return Encoding.ASCII.GetString(buffer, 9, 3);
        }
        catch (IOException)
        {
            return "closed";
        }
    }

    private static byte[] Head(Random random, int length, out bool leaves)
    {
        leaves = random.Next(6) == 0;
        var path = random.Next(30) == 0 ? "/predict/../../etc/passwd" : "/predict";
        var method = random.Next(30) == 0 ? "PUT" : "POST";
        var type = random.Next(20) switch { 0 => "text/html", 1 => "application/json;charset=utf-16", 2 => new string('x', 500), _ => "application/json" };
        var declared = random.Next(25) switch { 0 => "-1", 1 => "99999999999999999999", 2 when !leaves => $"{Math.Max(0, length - 3)}", 3 => $"{1L << 40}", _ => $"{length}" };
        return Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {declared}\r\n\r\n");
    }

    private static byte[] Body(Random random)
    {
        var value = s_values[random.Next(s_values.Length)];
        switch (random.Next(10))
        {
            case 0:
                return Encoding.UTF8.GetBytes(new string(random.Next(2) == 0 ? '[' : '{', random.Next(1, 50_000)));
            case 1:
                return Encoding.UTF8.GetBytes($$"""{"Features":[0,1,{{value}},0]}""");
            case 2:
                return Encoding.UTF8.GetBytes($$"""[{{Row}},{"Features":{{value}}}]""");
            case 3:
                return Encoding.UTF8.GetBytes($$"""{"{{new string('F', random.Next(2000))}}":{{value}},"Features":[1]}""");
            case 4:
                return Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(Row, random.Next(900, 1200)))}]");
            case 5:
                return Encoding.UTF8.GetBytes($$"""{"Features":[{{string.Join(',', Enumerable.Repeat("1", random.Next(10)))}}]}""");
            case 6:
                var noise = new byte[random.Next(1, 3000)];
                random.NextBytes(noise);
                return noise;
            case 7:
                return Encoding.UTF8.GetBytes(Row[..random.Next(Row.Length)]);
            default:
                var bytes = Encoding.UTF8.GetBytes($"[{Row},{Row}]");
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }
}
