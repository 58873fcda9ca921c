using Microsoft.ML.GradientStability.Serving;
using OpenTelemetry.Metrics;

namespace InferenceService;

/// <summary>The whole service. Its settings come from the command line, the environment or appsettings.json: <c>model</c>, <c>gpu</c>, <c>fallbackToCpu</c>.</summary>
public static class Service
{
    /// <exception cref="ArgumentException">No model is named.</exception>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var settings = builder.Configuration;
        builder.Services.AddOnnxPredictor(settings["model"] ?? throw new ArgumentException("Name the model: --model path/to/model.onnx"), new()
        {
            Devices = [settings.GetValue<int?>("gpu") is { } gpu ? OnnxDevice.Cuda(gpu) : OnnxDevice.Cpu],
            FallbackToCpu = settings.GetValue<bool>("fallbackToCpu"),
            ReloadInterval = TimeSpan.FromSeconds(2),
        });
        builder.Services.AddOpenApi();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(OnnxPredictor.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddPrometheusExporter());

        var app = builder.Build();
        app.MapGet("/", () => Results.Stream(typeof(Service).Assembly.GetManifestResourceStream("index.html")!, "text/html; charset=utf-8")).ExcludeFromDescription();
        app.MapPredictions("/predict");
        app.MapPredictionHealth();
        app.MapOpenApi("/openapi.json");
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }
}
