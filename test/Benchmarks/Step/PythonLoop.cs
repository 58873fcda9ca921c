using System.Diagnostics;
using System.Globalization;

namespace Step;

/// <summary>PyTorch in a Python of the system, by <c>step.py</c> through a pipe.</summary>
internal sealed class PythonLoop : IDisposable
{
    private readonly Process _process;

    private PythonLoop(Process process, string version) => (_process, Version) = (process, version);

    /// <summary>Of PyTorch.</summary>
    public string Version { get; }

    /// <summary><see langword="null"/> where the system's Python has no PyTorch.</summary>
    public static PythonLoop? Start()
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "step.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (!File.Exists(start.FileName) || Process.Start(start) is not { } process)
            return null;
        if (process.StandardOutput.ReadLine() is { } version)
            return new PythonLoop(process, version);
        process.Dispose();
        return null;
    }

    public Cost Run(Case @case, int threads)
    {
        var dropout = @case.IsDefault ? Case.Dropout : -1;
        FormattableString line = $"{@case.Inputs} {@case.Units} {@case.Depth} {@case.Batch} {@case.Rows} {Case.Classes} {dropout} {threads} {@case.Steps}";
        _process.StandardInput.WriteLine(FormattableString.Invariant(line));
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException(_process.StandardError.ReadToEnd());
        var numbers = answer.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new Cost(numbers[0], numbers[1]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
