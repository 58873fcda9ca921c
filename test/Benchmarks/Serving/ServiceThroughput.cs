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
/// the same ones, without reading them or a model, shows what HTTP alone leaves. The bar is for every width; only of a large model is it reached.
/// </summary>
internal static class ServiceThroughput
{
    private const int Callers = 64;

    private const double Bar = 3;

    private const int Rounds = 20;

    private static readonly byte[] s_answer = JsonSerializer.SerializeToUtf8Bytes(new Answer([0.1f, 0.2f, 0.3f], 0));

    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(500);

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
        http.Rates.Beats(single.Rates, "HTTP alone / a run a request", bar: 0);
        return batched.Rates.Beats(single.Rates, "service / a run a request", Bar);

        Load Load(string endpoint) => new(address, endpoint, body, Callers);
    }

    private static void Print(string what, Load load) => Console.WriteLine(
        $"  {what,-28}  {load.Rates.Median,10:N0} requests/s   p50 {load.Percentile(0.5).TotalMilliseconds,6:F2} ms   p99 {load.Percentile(0.99).TotalMilliseconds,6:F2} ms");

    private static Answer RunOne(InferenceSession session, Row row)
    {
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(row.Features, [1, Throughput.Features]);
        using var outputs = session.Run(run, ["Features"], [input], session.OutputNames);
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
