// How time and memory of a fit grow with depth, width, features, classes and rows, each size in a process of its own.
//   build/bench.sh Growth [docs/growth.md] [only=name]
using Growth;

if (args is [{ } first, ..] && int.TryParse(first, out _))
{
    Console.Write(Measurement.Of(Point.Of(args)));
    return;
}
var only = args.FirstOrDefault(arg => arg.StartsWith("only=", StringComparison.Ordinal))?["only=".Length..] ?? "";
var page = args.FirstOrDefault(arg => arg.EndsWith(".md", StringComparison.Ordinal));
var lines = new List<string>();
string[] head =
[
    "# How the cost of a fit grows",
    "",
    "Written by `build/bench.sh Growth docs/growth.md`: processor time and the most memory beyond that of a program that has done small fits, each size in a process of its own, one",
    "thread, AdamW, all diagnostics, gated residual networks without normalization. *Rest of the fit* is what is not steps: reading, looking at the data, first weights, the ONNX form and",
    "its check. Steps are those of the second half of the epochs, when everything is compiled. The exponent is that of the last three sizes: cost ~ sizeᵉ, beside that of the arithmetic.",
    "Pictures leave out memory below 1 MB, which is not told from what the program had before.",
];
foreach (var line in head.Concat(Series.All.Where(series => series.Name.Contains(only, StringComparison.Ordinal)).SelectMany(series => series.Measure(page))))
{
    lines.Add(line);
    Console.WriteLine(line);
}
if (page is not null)
    File.WriteAllLines(page, lines);
