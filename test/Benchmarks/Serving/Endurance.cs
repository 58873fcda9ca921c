using System.Diagnostics;
using Microsoft.ML.GradientStability.Serving.Tests;
using Microsoft.ML.GradientStability.Serving.Tests.AspNetCore;
using Microsoft.ML.GradientStability.Serving.Tests.Robustness;

namespace Serving;

/// <summary>Damaged files, hostile requests, and reloads under load, at length.</summary>
internal static class Endurance
{
    private const double MiB = 1 << 20;

    public static async Task<bool> Robust(int count)
    {
        var before = Memory();
        var files = new DamagedFiles();
        await files.Run(count, seed: 1);
        Console.WriteLine($"{count:N0} damaged files: {files.Refused:N0} refused, {files.Loaded:N0} loaded and predicted, none else; working set {before:F0} MiB before, {Memory():F0} MiB after");

        using var folder = new ModelFolder();
        await using var service = await TestService.Start(folder.Write(TestModels.Classifier()), endpoint: new() { Timeout = TimeSpan.FromSeconds(2) });
        before = Memory();
        var requests = new HostileRequests(service.Address);
        await requests.Run(count, seed: 1);
        Console.WriteLine($"{count:N0} hostile requests: {string.Join(", ", requests.Answers.OrderBy(a => a.Key).Select(a => $"{a.Key} {a.Value:N0}"))}; working set {before:F0} MiB before, {Memory():F0} MiB after");
        return true;
    }

    public static async Task<bool> Soak(TimeSpan time)
    {
        using var folder = new ModelFolder();
        await using var service = await TestService.Start(folder.Write(Microsoft.ML.GradientStability.Serving.Tests.Robustness.Soak.Model(1)));
        var soak = new Soak(service, folder);
        await soak.Run(callers: 64, time, reloadEvery: TimeSpan.FromSeconds(5));
        Console.WriteLine($"{time.TotalMinutes:F1} minutes at 64 callers: {soak.Requests:N0} requests, {soak.Failed:N0} failed, {soak.Reloads} reloads {soak.FirstFailure}");
        // The first tenth warms up: pools and arenas fill.
        var settled = soak.Memory.Skip(soak.Memory.Count / 10).ToList();
        var (early, late) = (settled.Take(settled.Count / 2).Average(), settled.Skip(settled.Count / 2).Average());
        var isFlat = late < early * 1.1 + 10;
        Console.WriteLine($"working set {early:F0} MiB in the first half, {late:F0} MiB in the second: {(isFlat ? "flat" : "GROWING")}");
        return soak.Failed == 0 && isFlat;
    }

    private static double Memory()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / MiB;
    }
}
