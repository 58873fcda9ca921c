using System.Diagnostics;

namespace Microsoft.ML.GradientStability.Tests.Catalog;

/// <summary>Starts test/Programs/Saver, which lies beside the tests.</summary>
internal static class Child
{
    public static Process Start(string command, string path, string? temporary = null)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Saver.dll"), command, path]) { RedirectStandardOutput = true };
        if (temporary is not null)
            start.Environment["TMPDIR"] = start.Environment["TMP"] = start.Environment["TEMP"] = temporary;
        return Process.Start(start)!;
    }

    /// <summary>The lines that it prints, once it has ended well.</summary>
    public static string[] Run(string command, string path, string? temporary = null)
    {
        using var child = Start(command, path, temporary);
        var lines = child.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        child.WaitForExit();
        Assert.AreEqual(0, child.ExitCode, string.Join('\n', lines));
        return lines;
    }
}
