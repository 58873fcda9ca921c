using System.Diagnostics;
using System.Globalization;

namespace Step;

/// <summary>PyTorch in a Python of the system, by <c>step.py</c> through a pipe.</summary>
internal sealed class PythonLoop : IDisposable
{
    private const string Kernel = "OPENBLAS_CORETYPE";

    private readonly Process _process;

    private PythonLoop(Process process, string version, double rate) => (_process, Version, Rate) = (process, version, rate);

    /// <summary>Of PyTorch, and what multiplies its matrices.</summary>
    public string Version { get; }

    /// <summary>At which it does so, in multiply-adds a microsecond of processor time.</summary>
    public double Rate { get; }

    /// <summary>
    /// The first Python that has PyTorch, of the system or on the path; where the environment names a kernel for OpenBLAS, by that or by the one that OpenBLAS
    /// chooses itself, whichever is faster. <see langword="null"/> where none has it.
    /// </summary>
    public static PythonLoop? Start()
    {
        foreach (var python in new[] { "/usr/bin/python3", "python3", "python" })
        {
            var started = Start(python, keepsKernel: true);
            if (started is null)
                continue;
            if (Environment.GetEnvironmentVariable(Kernel) is null || Start(python, keepsKernel: false) is not { } other)
                return started;
            var (faster, slower) = other.Rate > started.Rate ? (other, started) : (started, other);
            slower.Dispose();
            return faster;
        }
        return null;
    }

    /// <summary>What a step costs.</summary>
    public Cost Run(Case @case, int threads)
    {
        var answer = Ask($"{@case.Kind} {@case.Batch} {@case.Rows} {Case.Classes} {threads} {@case.Steps} {string.Join(' ', @case.Numbers)}")!;
        return new Cost(answer[0], answer[1]);
    }

    /// <summary>What a fit from a file costs, one thread, and its share of right answers; <see langword="null"/> where there is no pandas.</summary>
    public (Cost Cost, double Right)? Fit(TableFile table) =>
        Ask($"csv {TableFile.Features} {TableFile.Classes} {TableFile.Units} {TableFile.Epochs} {TableFile.Batch} {table.Folder}") is { } answer
            ? (new Cost(answer[0], answer[1]), answer[2]) : null;

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The numbers of an answer, if it has any.</summary>
    private double[]? Ask(FormattableString line)
    {
        _process.StandardInput.WriteLine(FormattableString.Invariant(line));
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException(_process.StandardError.ReadToEnd());
        return answer == "none" ? null : [.. answer.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    private static PythonLoop? Start(string python, bool keepsKernel)
    {
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "step.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (!keepsKernel)
            start.Environment.Remove(Kernel);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // There is no such program.
        }
        if (process.StandardOutput.ReadLine()?.Split('\t') is [var version, var rate])
            return new PythonLoop(process, version, double.Parse(rate, CultureInfo.InvariantCulture));
        process.Dispose();
        return null;
    }
}
