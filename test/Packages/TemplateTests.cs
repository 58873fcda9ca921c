using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.GradientStability.Packages.Tests;

/// <summary>The templates, installed from their package: a program that trains, and a service that serves what it has trained.</summary>
[TestClass]
public sealed class TemplateTests
{
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [TestMethod]
    public async Task A_pipeline_trains_and_a_service_serves_its_model()
    {
        Shell.Dotnet(Stranger.Place, "new", "install", Path.Combine(Stranger.Feed, $"Microsoft.ML.GradientStability.Templates.{Versions.Own}.nupkg"));
        Shell.Dotnet(Stranger.Place, "new", "gradientstability-pipeline", "-o", "Wine");
        Shell.Dotnet(Stranger.Place, "new", "gradientstability-service", "-o", "WineService");
        var (pipeline, service) = (Path.Combine(Stranger.Place, "Wine"), Path.Combine(Stranger.Place, "WineService"));

        var told = Shell.Dotnet(pipeline, "run", "-c", "Release");
        Assert.MatchesRegex(@"held-out accuracy (0\.9\d\d|1\.000)", told);
        foreach (var file in new[] { "model.zip", "model.onnx", "report.html" })
            Assert.IsTrue(File.Exists(Path.Combine(pipeline, file)), file);

        Shell.Dotnet(service, "build", "-c", "Release", "--nologo", "-v", "q");
        var url = $"http://127.0.0.1:{FreePort()}";
        using var process = Shell.Start(service, "bin/Release/net10.0/WineService.dll", "--model", Path.Combine(pipeline, "model.onnx"), "--urls", url);
        try
        {
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            Assert.AreEqual("Healthy", await Ready(client));
            var header = (await File.ReadAllLinesAsync(Path.Combine(pipeline, "wine.csv")))[..2].Select(line => line.Split(',')).ToArray();
            var row = string.Join(",", header[0].Zip(header[1]).SkipLast(1).Select(cell => $"\"{cell.First}\":{cell.Second}"));
            var answer = await client.PostAsync("/predict", new StringContent($"{{{row}}}", Encoding.UTF8, "application/json"));
            StringAssert.Contains(await answer.Content.ReadAsStringAsync(), "\"PredictedLabel\":\"1\"");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    private static async Task<string> Ready(HttpClient client)
    {
        for (var tries = 0; ; tries++)
            try
            {
                return await client.GetStringAsync("/health/ready");
            }
            catch (HttpRequestException) when (tries < 600)
            {
                await Task.Delay(100);
            }
    }
}
