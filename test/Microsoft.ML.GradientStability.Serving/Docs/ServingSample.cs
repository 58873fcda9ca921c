using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.GradientStability.Serving.Tests.Docs;

/// <summary>The code of docs/serving.md, between the marks to the letter; compiled and run by <see cref="PageTests"/>.</summary>
internal static class ServingSample
{
    public sealed record Flower(float[] Features);

    public static async Task<string> Predict(string path, float[] features, Flower[] flowers)
    {
        // <predict>
        await using var predictor = new OnnxPredictor(path, new OnnxPredictorOptions { MaxBatchSize = 256, ReloadInterval = TimeSpan.FromSeconds(2) });

        var prediction = await predictor.PredictAsync(features);                   // a span, where the model takes one column of Single
        Console.WriteLine($"{prediction.Label ?? prediction.Missing}: {prediction.Score[0]:P0}");

        var predictions = await predictor.PredictRowsAsync<Flower>(flowers);       // rows of a type with a member for each input

        var rows = predictor.Rent(2);                                              // any inputs, without a type and without garbage
        features.CopyTo(rows.Values<float>(0, "Features"));
        var two = await predictor.PredictAsync(rows);
        // </predict>
        return $"{prediction.Label} {predictions[0].Label} {two[0].Label}";
    }

    public static async Task<string?> OnAGpu(string path, float[] features)
    {
        // <gpu>
        await using var predictor = new OnnxPredictor(path, new OnnxPredictorOptions
        {
            Devices = [OnnxDevice.Cuda(0)],
            FallbackToCpu = true,                           // false: a GPU that is missing is an error
            MaxBatchSize = 1024,
        });
        // </gpu>
        return (await predictor.PredictAsync(features)).Label;
    }

    public static WebApplication Serve(WebApplicationBuilder builder)
    {
        // <serve>
        builder.Services.AddOnnxPredictor("model.onnx");
        builder.Services.AddOpenApi();

        var app = builder.Build();
        app.MapPredictions("/predict", new PredictionEndpointOptions { MaxRows = 1024, Timeout = TimeSpan.FromSeconds(10) });
        app.MapPredictionHealth();
        app.MapOpenApi();
        // </serve>
        return app;
    }
}
