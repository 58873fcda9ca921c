// A training step of the product beside TorchSharp's usual loop and, where the system's Python has it, PyTorch: alternating in one run.
//   build/bench.sh Step [docs/benchmarks.md] [turns=7] [only=name | only=file]
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.ML.GradientStability;
using Step;

if (args is [BusyCores.Argument])
{
    BusyCores.Spin();
    return;
}
string? Option(string name) => args.FirstOrDefault(arg => arg.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];
var turns = int.Parse(Option("turns") ?? "7", CultureInfo.InvariantCulture);
// The product makes LibTorch load where the C++ runtime is older than it asks for.
RuntimeHelpers.RunModuleConstructor(typeof(Network).Module.ModuleHandle);
using var python = PythonLoop.Start();
var rate = Floor.Rate(256);
var lines = new List<string>
{
    "# What a training step costs",
    "",
    FormattableString.Invariant($"Written by `build/bench.sh Step docs/benchmarks.md`: medians of {turns} turns in which everybody trains once after the other, ratios turn by turn. Adam, clipping at norm 1,"),
    $"{Case.Classes} classes, one thread but where two are named, {Environment.ProcessorCount} cores, {(System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated ? "AVX-512" : "no AVX-512")}; beside it LibTorch multiplies matrices of 256 × 256 at {rate * 2e-3:F0} GFLOP/s.",
    python is null ? "No Python here has PyTorch, so it is left out." : FormattableString.Invariant($"Python has PyTorch {python.Version}, {python.Rate * 2e-3:F0} GFLOP/s."),
    "",
    "- *plain* and *product*: µs of processor time a step, of the usual TorchSharp loop and of the trainer with all diagnostics;",
    "- *times*: how many times as fast the product is, by processor time, and *by the clock*; *Python*: the same against PyTorch;",
    "- *two threads*: how many times as fast a fit that may take two is as one with one, by the clock, and *busy*, while other programs keep every core busy; 3 × 1024, the",
    "  LSTM of 512 units and the convolutions of 32 channels are large enough for a second thread, the others take one in either case, so that theirs show how much the clock can be relied on;",
    "- *diagnostics*: what they multiply a step's processor time by, full looks at every sixteenth step among them; *every step*: the share of training that those of every step take, as the fit itself says;",
    "- *of the rate*: the share of the step that its multiply-adds would take at the matrix rate above; *at most*: how many times as fast as the usual loop a step of nothing else would be.",
    "",
    "| network | plain | product | times | by the clock | Python | two threads | busy | diagnostics | every step | of the rate | at most |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
};
foreach (var line in lines)
    Console.WriteLine(line);
foreach (var @case in Case.All.Where(@case => @case.Name.Contains(Option("only") ?? "", StringComparison.Ordinal)))
{
    lines.Add(Result.Measure(@case, turns, python).Row(rate));
    Console.WriteLine(lines[^1]);
}
if (Option("only") is null or "file")
    foreach (var line in FileFit.Measure(turns, python))
    {
        lines.Add(line);
        Console.WriteLine(line);
    }
if (args.FirstOrDefault(arg => arg.EndsWith(".md", StringComparison.Ordinal)) is { } page)
    File.WriteAllLines(page, lines);
