using System.Diagnostics;

namespace Step;

/// <summary>Processes of this program that keep every core busy, until it is disposed of.</summary>
internal sealed class BusyCores : IDisposable
{
    public const string Argument = "spin";

    private readonly Process[] _processes = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Start())];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }

    /// <summary>What such a process does: nothing, until nobody holds its input any more.</summary>
    public static void Spin()
    {
        var ended = Task.Run(Console.In.ReadToEnd);
        Console.WriteLine();
        while (!ended.IsCompleted)
            Thread.SpinWait(1000);
    }

    private static Process Start()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BusyCores).Assembly.Location, Argument])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        process.StandardOutput.ReadLine();
        return process;
    }
}
