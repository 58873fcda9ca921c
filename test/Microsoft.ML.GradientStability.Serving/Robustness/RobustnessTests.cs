using Microsoft.ML.GradientStability.Serving.Tests.AspNetCore;

namespace Microsoft.ML.GradientStability.Serving.Tests.Robustness;

/// <summary>A part of what <c>build/bench.sh Serving robust</c> and <c>soak</c> run at length.</summary>
[TestClass]
[DoNotParallelize]
public sealed class RobustnessTests
{
    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public async Task Damaged_files_are_refused_or_predict()
    {
        var files = new DamagedFiles();
        await files.Run(400, seed: 1);
        Assert.AreEqual(400, files.Refused + files.Loaded);
        Assert.IsGreaterThan(200, files.Refused);
        // A changed weight is still a model.
        Assert.IsGreaterThan(10, files.Loaded);
    }

    [TestMethod]
    public async Task Hostile_requests_are_refused_and_honest_ones_between_them_answered()
    {
        await using var service = await TestService.Start(_folder.Write(TestModels.Classifier()), endpoint: new() { Timeout = TimeSpan.FromSeconds(2) });
        var requests = new HostileRequests(service.Address);
        await requests.Run(400, seed: 1);
        Assert.AreEqual(400, requests.Answers.Values.Sum());
        foreach (var answer in (string[])["400", "413", "415", "left"])
            Assert.IsTrue(requests.Answers.ContainsKey(answer), answer);
    }

    [TestMethod]
    public async Task Reloads_under_load_fail_no_request()
    {
        await using var service = await TestService.Start(_folder.Write(Soak.Model(1)));
        var soak = new Soak(service, _folder);
        await soak.Run(callers: 64, TimeSpan.FromSeconds(4), reloadEvery: TimeSpan.FromMilliseconds(200));
        Assert.AreEqual(0, soak.Failed, soak.FirstFailure);
        Assert.IsGreaterThan(5, soak.Reloads);
        Assert.IsGreaterThan(500, soak.Requests);
    }
}
