// How time and memory of a fit grow with depth, width, features, classes and rows, each size in a process of its own.
//   build/bench.sh Growth [docs/growth.md] [only=name]
using Growth;

if (args is [{ } first, ..] && int.TryParse(first, out _))
{
    Console.Write(Measurement.Of(Point.Of(args)));
    return;
}
var only = args.FirstOrDefault(arg => arg.StartsWith("only=", StringComparison.Ordinal))?["only=".Length..] ?? "";
var lines = new List<string>();
string[] head =
[
    "# How the cost of a fit grows",
    "",
    "Written by `build/bench.sh Growth docs/growth.md`: processor time and the most memory beyond that of a program that has done small fits, each size in a process of its own, one",
    "thread, AdamW, all diagnostics, gated residual networks without normalization. *Rest of the fit* is what is not steps: reading, looking at the data, first weights, the ONNX form and",
    "its check. Steps are those of the second half of the epochs, when everything is compiled. The exponent is that of the last three sizes: cost ~ sizeᵉ, beside that of the arithmetic.",
];
foreach (var line in head.Concat(Series.All.Where(series => series.Name.Contains(only, StringComparison.Ordinal)).SelectMany(series => series.Measure())))
{
    lines.Add(line);
    Console.WriteLine(line);
}
if (args.FirstOrDefault(arg => arg.EndsWith(".md", StringComparison.Ordinal)) is { } page)
    File.WriteAllLines(page, lines);
