using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.GradientStability.Serving.Tests.AspNetCore;

[TestClass]
public sealed class LifeTests
{
    private const string Row = """{"Features":[0,1,0,0]}""";

    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public async Task A_service_without_a_good_model_does_not_start_and_says_why()
    {
        var path = _folder.Write("no model"u8.ToArray());
        StringAssert.Contains((await Assert.ThrowsExactlyAsync<ModelFileException>(() => TestService.Start(path))).Message, "damaged, or no ONNX file");
    }

    [TestMethod]
    public async Task A_service_is_live_and_ready_and_while_a_new_file_is_refused_it_says_so_and_serves_on()
    {
        var path = _folder.Write(TestModels.Classifier());
        await using var service = await TestService.Start(path, new() { ReloadInterval = TimeSpan.FromMilliseconds(20), Warn = _ => { } });
        Assert.AreEqual("Healthy", await service.Client.GetStringAsync("/health/live"));
        Assert.AreEqual("Healthy", await service.Client.GetStringAsync("/health/ready"));
        _folder.Write("no model"u8.ToArray());
        await Files.ReloadTests.Until(async () => await service.Client.GetStringAsync("/health/ready") == "Degraded");
        Assert.AreEqual(HttpStatusCode.OK, (await service.Post(Row)).Status);
        _folder.Replace(TestModels.Classifier(factor: 5));
        await Files.ReloadTests.Until(async () => await service.Client.GetStringAsync("/health/ready") == "Healthy");
        Assert.AreEqual(TestModels.Softmax([0, 1, 0], 5)[1], (await service.Post(Row)).Body.GetProperty("Score")[1].GetSingle(), 1e-6f);
    }

    [TestMethod]
    public async Task A_service_that_is_told_to_stop_finishes_what_it_has()
    {
        var service = await TestService.Start(_folder.Write(TestModels.Classifier()));
        using var slow = await LimitTests.SlowRequest.Open(service.Address);
        using var health = await LimitTests.SlowRequest.Open(service.Address);
        var stopping = service.App.StopAsync();
        await Files.ReloadTests.Until(() => Task.FromResult(service.App.Lifetime.ApplicationStopping.IsCancellationRequested));
        var report = await service.App.Services.GetRequiredService<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>().CheckHealthAsync();
        Assert.AreEqual("The program stops.", report.Entries["model"].Description);
        Assert.IsFalse(stopping.IsCompleted);
        await slow.Send(Row);
        StringAssert.StartsWith(await slow.Answer(), "HTTP/1.1 200");
        await health.Send(Row);
        StringAssert.StartsWith(await health.Answer(), "HTTP/1.1 200");
        await stopping;
        await service.DisposeAsync();
    }

    [TestMethod]
    public async Task Requests_during_reloads_are_all_answered_by_one_model_or_the_other()
    {
        var path = _folder.Write(TestModels.Classifier(factor: 1));
        await using var service = await TestService.Start(path);
        using var end = new CancellationTokenSource();
        var expected = Enumerable.Range(1, 2).Select(factor => TestModels.Softmax([0, 1, 0], factor)[1]).ToArray();
        var answers = new int[2];
        var callers = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var (status, body) = await service.Post(Row);
                Assert.AreEqual(HttpStatusCode.OK, status, body.ToString());
                var score = body.GetProperty("Score")[1].GetSingle();
                var model = Array.FindIndex(expected, e => Math.Abs(e - score) < 1e-6);
                Assert.IsGreaterThanOrEqualTo(0, model, $"{score} is neither model's");
                Interlocked.Increment(ref answers[model]);
            }
        })).ToArray();
        for (var i = 0; i < 40 || answers.Min() < 100; i++)
        {
            _folder.Replace(TestModels.Classifier(factor: 1 + (i + 1) % 2));
            service.Predictor.Reload();
            Assert.IsFalse(callers.Any(caller => caller.IsFaulted), "a request failed");
        }
        await end.CancelAsync();
        await Task.WhenAll(callers);
    }
}
