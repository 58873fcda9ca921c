using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.GradientStability.Serving.Tests.Docs;

[TestClass]
[DoNotParallelize]
public sealed class PageTests
{
    [TestMethod]
    public async Task The_code_runs()
    {
        using var folder = new ModelFolder();
        folder.Write(TestModels.Classifier());
        Assert.AreEqual("green blue green", await ServingSample.Predict(folder["model.onnx"], [0, 1, 0, 0], [new([0, 0, 1, 0])]));

        Assert.AreEqual("green", await ServingSample.OnAGpu(folder["model.onnx"], [0, 1, 0, 0]));

        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = Path.GetDirectoryName(folder["model.onnx"])!;
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            await using var app = ServingSample.Serve(builder);
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            Assert.AreEqual("Healthy", await client.GetStringAsync("/health/ready"));
            StringAssert.Contains(await client.GetStringAsync("/openapi/v1.json"), "/predict");
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [TestMethod]
    public async Task The_page_names_every_instrument()
    {
        using var folder = new ModelFolder();
        var instruments = new HashSet<string>();
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == OnnxPredictor.MeterName)
                    instruments.Add(instrument.Name);
            },
        };
        listener.Start();
        await using var predictor = new OnnxPredictor(folder.Write(TestModels.Classifier()));
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "serving.md"));
        Assert.HasCount(6, instruments);
        foreach (var name in instruments)
            StringAssert.Contains(page, $"`{name}`");
    }
}
