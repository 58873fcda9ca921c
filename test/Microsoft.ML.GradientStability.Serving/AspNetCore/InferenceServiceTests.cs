using InferenceService;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.GradientStability.Serving.Tests.AspNetCore;

/// <summary>The sample, over real HTTP; its page is tried in a browser by <c>build/browser.sh</c>.</summary>
[TestClass]
[DoNotParallelize]
public sealed class InferenceServiceTests
{
    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public async Task The_sample_serves_a_page_predictions_health_OpenAPI_and_metrics()
    {
        await using var app = Service.Build(["--model", _folder.Write(TestModels.Classifier()), "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", $"{LogLevel.Warning}"]);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var page = await client.GetAsync("/");
        Assert.AreEqual("text/html", page.Content.Headers.ContentType?.MediaType);
        var html = await page.Content.ReadAsStringAsync();
        StringAssert.Contains(html, "<form id=\"form\">");
        Assert.DoesNotContain("http", html.Replace("http-equiv", ""), "the page needs no network");
        using var answer = await client.PostAsync("/predict", new StringContent("""{"Features":[0,0,1,0]}""", System.Text.Encoding.UTF8, "application/json"));
        StringAssert.Contains(await answer.Content.ReadAsStringAsync(), "\"blue\"");
        Assert.AreEqual("Healthy", await client.GetStringAsync("/health/ready"));
        StringAssert.Contains(await client.GetStringAsync("/openapi.json"), "\"/predict\"");
        var metrics = await client.GetStringAsync("/metrics");
        foreach (var name in (string[])["onnx_predictor_rows_total", "onnx_predictor_run_rows_bucket", "onnx_predictor_run_duration_seconds_bucket", "onnx_predictor_queue_duration_seconds_bucket", "onnx_predictor_queue_rows", "http_server_request_duration_seconds_bucket"])
            StringAssert.Contains(metrics, name);
        StringAssert.Contains(metrics, "outcome=\"scored\"");
    }

    [TestMethod]
    public void The_sample_without_a_model_says_what_to_name() =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Service.Build([])).Message, "--model path/to/model.onnx");
}
