using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.GradientStability.Serving.Tests.AspNetCore;

/// <summary>A service on a port of this machine, spoken to over real HTTP.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private TestService(WebApplication app)
    {
        App = app;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public OnnxPredictor Predictor => App.Services.GetRequiredService<OnnxPredictor>();

    public static async Task<TestService> Start(string model, OnnxPredictorOptions? predictor = null, PredictionEndpointOptions? endpoint = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOnnxPredictor(model, predictor);
        builder.Services.AddOpenApi();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        var app = builder.Build();
        app.MapPredictions("/predict", endpoint);
        app.MapPredictionHealth();
        app.MapOpenApi("/openapi.json");
        await app.StartAsync();
        return new(app);
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> Post(string json) => Post(Encoding.UTF8.GetBytes(json));

    public async Task<(HttpStatusCode Status, JsonElement Body)> Post(byte[] body, string? type = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var response = await Client.PostAsync("/predict", content);
        if (response.Content.Headers.ContentType?.MediaType != (response.IsSuccessStatusCode ? "application/json" : "application/problem+json"))
            throw new InvalidOperationException($"{response.StatusCode} came as {response.Content.Headers.ContentType}");
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
