using System.Diagnostics;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>The program of test/Programs/Fitter, in a folder of its own that a test may change; files are links, so that half a gigabyte is not copied.</summary>
internal sealed class Fitter : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fitter-").FullName;

    public Fitter()
    {
        var built = Path.Combine(AppContext.BaseDirectory, "fitter");
        foreach (var path in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            var link = Path.Combine(_folder, Path.GetRelativePath(built, path));
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            if (Path.GetExtension(path) == ".so")
                File.CreateSymbolicLink(link, path);
            else
                File.Copy(path, link);
        }
    }

    /// <summary>A native library of the program.</summary>
    public string Native(string name) => Path.Combine(_folder, "runtimes", "linux-x64", "native", name);

    /// <summary>Runs it to its end and returns what it printed.</summary>
    /// <param name="environment">Variables that it finds, with their values.</param>
    public string Run(params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(_folder, "Fitter.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment.Remove("OMP_WAIT_POLICY");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return $"{output}{errors.Result}";
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
