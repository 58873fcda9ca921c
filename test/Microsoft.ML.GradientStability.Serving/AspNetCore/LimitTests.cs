using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.GradientStability.Serving.Tests.AspNetCore;

[TestClass]
public sealed class LimitTests
{
    private const string Row = """{"Features":[0,1,0,0]}""";

    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public async Task A_body_above_the_limit_is_413_whether_it_tells_its_length_or_not()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Classifier()), endpoint: new() { MaxRequestBytes = 1000 });
        var (status, body) = await service.Post(Row + new string(' ', 1000 - Row.Length));
        Assert.AreEqual(HttpStatusCode.OK, status);
        (status, body) = await service.Post(Row + new string(' ', 1001 - Row.Length));
        Assert.AreEqual(HttpStatusCode.RequestEntityTooLarge, status);
        StringAssert.Contains(body.GetProperty("detail").GetString(), "more than 1,000 bytes");

        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/predict") { Content = new StringContent(Row + new string(' ', 5000), Encoding.UTF8, "application/json") };
        chunked.Headers.TransferEncodingChunked = true;
        using var response = await service.Client.SendAsync(chunked);
        Assert.AreEqual(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.AreEqual(HttpStatusCode.OK, (await service.Post(Row)).Status);
    }

    [TestMethod]
    public async Task More_rows_than_the_limit_are_413()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Classifier()), endpoint: new() { MaxRows = 3 });
        Assert.AreEqual(HttpStatusCode.OK, (await service.Post($"[{Row},{Row},{Row}]")).Status);
        var (status, body) = await service.Post($"[{Row},{Row},{Row},{Row}]");
        Assert.AreEqual(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.AreEqual("There are more than 3 rows; send fewer at a time.", body.GetProperty("detail").GetString());
    }

    [TestMethod]
    public async Task Requests_above_the_limit_are_429_and_are_told_to_come_again()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Classifier()), endpoint: new() { MaxConcurrentRequests = 1 });
        using var slow = await SlowRequest.Open(service.Address);
        await Refused(service);
        await slow.Send(Row);
        StringAssert.StartsWith(await slow.Answer(), "HTTP/1.1 200");
        Assert.AreEqual(HttpStatusCode.OK, (await service.Post(Row)).Status);

        static async Task Refused(TestService service)
        {
            using var refused = await service.Client.PostAsync("/predict", new StringContent(Row, Encoding.UTF8, "application/json"));
            Assert.AreEqual(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.AreEqual(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
            Assert.AreEqual("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        }
    }

    [TestMethod]
    public async Task A_full_queue_is_429()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Network(4, 512, 4)), new() { QueueLimit = 1, MaxBatchSize = 1, RunsPerDevice = 1 });
        var many = $"[{string.Join(',', Enumerable.Repeat(Row, 1000))}]";
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => service.Post(many)));
        Assert.IsTrue(answers.Any(a => a.Status == HttpStatusCode.TooManyRequests && a.Body.GetProperty("detail").GetString()!.Contains("QueueLimit = 1")));
        Assert.IsTrue(answers.Any(a => a.Status == HttpStatusCode.OK));
        Assert.AreEqual(HttpStatusCode.OK, (await service.Post(Row)).Status);
    }

    [TestMethod]
    public async Task A_body_that_does_not_come_is_408_and_a_prediction_that_does_not_come_504()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Network(4, 1024, 8)), new() { MaxBatchSize = 1, RunsPerDevice = 1 }, new() { Timeout = TimeSpan.FromMilliseconds(200) });
        using var slow = await SlowRequest.Open(service.Address);
        await slow.Send(Row[..5]);
        StringAssert.StartsWith(await slow.Answer(), "HTTP/1.1 408");

        var (status, body) = await service.Post($"[{string.Join(',', Enumerable.Repeat(Row, 1000))}]");
        Assert.AreEqual(HttpStatusCode.GatewayTimeout, status);
        Assert.AreEqual("The prediction took more than 0.2 s.", body.GetProperty("detail").GetString());
        Assert.AreEqual(HttpStatusCode.OK, (await service.Post(Row)).Status);
    }

    [TestMethod]
    public async Task Clients_that_leave_half_way_leave_nothing_behind()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Classifier()), endpoint: new() { MaxConcurrentRequests = 20 });
        for (var i = 0; i < 100; i++)
        {
            using var request = await SlowRequest.Open(service.Address);
            await request.Send(Row[..(i % Row.Length)]);
        }
        // Were they still counted, every request would be refused.
        await Files.ReloadTests.Until(async () => (await service.Post(Row)).Status == HttpStatusCode.OK);
        var answers = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => service.Post(Row)));
        Assert.IsTrue(answers.All(a => a.Status == HttpStatusCode.OK));
    }

    [TestMethod]
    public void Limits_out_of_range_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PredictionEndpointOptions { MaxRows = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PredictionEndpointOptions { MaxRequestBytes = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PredictionEndpointOptions { MaxConcurrentRequests = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PredictionEndpointOptions { Timeout = TimeSpan.Zero });
    }

    /// <summary>A request of one row whose head is there and whose body comes as the test sends it.</summary>
    internal sealed class SlowRequest : IDisposable
    {
        private readonly TcpClient _client = new() { NoDelay = true };

        public static async Task<SlowRequest> Open(Uri address, int? length = null)
        {
            var request = new SlowRequest();
            await request._client.ConnectAsync(IPAddress.Loopback, address.Port);
            await request.Send($"POST /predict HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: {length ?? Row.Length}\r\nExpect: 100-continue\r\n\r\n");
            // The service asks for the body when its endpoint begins to read it.
            var buffer = new byte[64];
            var read = await request._client.GetStream().ReadAsync(buffer);
            StringAssert.StartsWith(Encoding.ASCII.GetString(buffer, 0, read), "HTTP/1.1 100");
            return request;
        }

        public async Task Send(string text) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

        public async Task<string> Answer()
        {
            var buffer = new byte[4096];
            return Encoding.ASCII.GetString(buffer, 0, await _client.GetStream().ReadAsync(buffer));
        }

        public void Dispose() => _client.Dispose();
    }
}
