using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

using Microsoft.ML.GradientStability.Serving.Tests.AspNetCore;

namespace Microsoft.ML.GradientStability.Serving.Tests.Robustness;

/// <summary>Callers that never stop, while the model's file is replaced again and again.</summary>
internal sealed class Soak(TestService service, ModelFolder folder)
{
    private const int Features = 4;

    private static readonly byte[] s_body = Encoding.UTF8.GetBytes("""{"Features":[0,1,0,0]}""");

    private long _requests, _failed;

    public long Requests => _requests;

    public long Failed => _failed;

    public int Reloads { get; private set; }

    /// <summary>Private memory of the process in MiB, at each reload.</summary>
    public List<double> Memory { get; } = [];

    public string? FirstFailure { get; private set; }

    /// <summary>A model that a soak may begin with; the same network each time, with other weights.</summary>
    public static OnnxFile Model(int seed) => TestModels.Network(Features, 256, 3, seed);

    public async Task Run(int callers, TimeSpan time, TimeSpan reloadEvery)
    {
        using var end = new CancellationTokenSource(time);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = callers }) { BaseAddress = service.Address };
        var running = Enumerable.Range(0, callers).Select(_ => Task.Run(() => Call(client, end.Token))).ToArray();
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(reloadEvery, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            folder.Replace(Model(Reloads + 2));
            service.Predictor.Reload();
            Reloads++;
            using var process = Process.GetCurrentProcess();
            Memory.Add(process.WorkingSet64 / (double)(1 << 20));
        }
        await Task.WhenAll(running);
    }

    private async Task Call(HttpClient client, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using var content = new ByteArrayContent(s_body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            try
            {
                // Not ended with the soak: a request that was begun has to be answered.
                using var response = await client.PostAsync("/predict", content, CancellationToken.None);
                if (response.StatusCode != HttpStatusCode.OK || !(await response.Content.ReadAsStringAsync(CancellationToken.None)).Contains("PredictedLabel"))
                    Fail($"{response.StatusCode}");
            }
            catch (HttpRequestException e)
            {
                Fail(e.Message);
            }
            Interlocked.Increment(ref _requests);
        }
    }

    private void Fail(string why)
    {
        Interlocked.Increment(ref _failed);
        FirstFailure ??= why;
    }
}
