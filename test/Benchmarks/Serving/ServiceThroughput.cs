using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.ML.GradientStability.Serving;
using Microsoft.ML.GradientStability.Serving.Tests;
using Microsoft.ML.OnnxRuntime;

namespace Serving;

/// <summary>
/// Requests a second over HTTP at 64 callers who each send a row and wait for its prediction: by a service that makes a run of each request, as one writes it by
/// hand with a shared session, and by the predictor's endpoint. Callers and service share the machine, and an endpoint that only takes the bytes and answers with
/// the same ones, without reading them or a model, shows what HTTP alone leaves; runs of the model without HTTP show what gathering can save. The bar is for every
/// width; only of a large model is it reached.
/// </summary>
internal static class ServiceThroughput
{
    private const int Callers = 64;

    private const double Bar = 3;

    private const int Rounds = 20;

    private static readonly byte[] s_answer = JsonSerializer.SerializeToUtf8Bytes(new Answer([0.1f, 0.2f, 0.3f], 0));

    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(500), s_modelRound = TimeSpan.FromMilliseconds(50);

    public static async Task<bool> Run()
    {
        return await Run(width: 256) & await Run(width: 1024) & await Run(width: 2048);
    }

    private static async Task<bool> Run(int width)
    {
        using var folder = new ModelFolder();
        var path = folder.Write(Throughput.Model(width));
        using var session = new InferenceSession(path);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOnnxPredictor(path);
        await using var app = builder.Build();
        app.MapPredictions("/batched");
        app.MapPost("/single", (Row row) => RunOne(session, row));
        app.MapPost("/http", Echo);
        await app.StartAsync();

        var address = new Uri(app.Urls.Single());
        var body = JsonSerializer.Serialize(new Row(Throughput.Rows()[0]));
        var (single, batched, http) = (Load("/single"), Load("/batched"), Load("/http"));
        for (var round = 0; round <= Rounds; round++)
        {
            await single.Run(s_round);
            await batched.Run(s_round);
            await http.Run(s_round);
        }
        Console.WriteLine($"\n3 × {width} over HTTP, {Callers} callers, a row a request; the median of {Rounds} rounds");
        Print("a run a request", single);
        Print("OnnxPredictor", batched);
        Print("HTTP alone", http);
        CompareRuns(path);
        http.Rates.Beats(single.Rates, "HTTP alone / a run a request", bar: 0);
        return batched.Rates.Beats(single.Rates, "service / a run a request", Bar);

        Load Load(string endpoint) => new(address, endpoint, body, Callers);
    }

    private static void Print(string what, Load load) => Console.WriteLine(
        $"  {what,-28}  {load.Rates.Median,10:N0} requests/s   {load.Rates.ProcessorMicroseconds,6:F1} µs of processor   p50 {load.Percentile(0.5).TotalMilliseconds,6:F2} ms   p99 {load.Percentile(0.99).TotalMilliseconds,6:F2} ms");

    /// <summary>Rows a run when two runs share the callers, against one a run; each on one thread, alone.</summary>
    private static void CompareRuns(string path)
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(path, options);
        var (one, gathered) = (new Rates(), new Rates());
        for (var round = 0; round <= Rounds; round++)
        {
            one.Add(() => RunFor(session, rows: 1));
            gathered.Add(() => RunFor(session, Callers / 2));
        }
        gathered.Beats(one, $"the model alone, {Callers / 2} rows / one", bar: 0);
    }

    private static long RunFor(InferenceSession session, int rows)
    {
        var features = new float[rows * Throughput.Features];
        var done = 0L;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < s_modelRound; done += rows)
            Run(session, features).Dispose();
        return done;
    }

    private static IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session, float[] features)
    {
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(features, [features.Length / Throughput.Features, Throughput.Features]);
        return session.Run(run, ["Features"], [input], session.OutputNames);
    }

    private static Answer RunOne(InferenceSession session, Row row)
    {
        using var outputs = Run(session, row.Features);
        return new(outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetTensorDataAsSpan<long>()[0]);
    }

    private static async Task Echo(HttpContext context)
    {
        for (var body = context.Request.BodyReader; ;)
        {
            var read = await body.ReadAsync();
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        context.Response.ContentLength = s_answer.Length;
        await context.Response.BodyWriter.WriteAsync(s_answer);
    }

    private sealed record Row(float[] Features);

    private sealed record Answer(float[] Score, long PredictedLabel);
}
