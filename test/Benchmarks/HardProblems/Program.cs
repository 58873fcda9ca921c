// The problems on which exploding and vanishing gradients were found and cured, each with what the product says of it. Minutes at these lengths.
//   HardProblems [order | adding | copy | depth] [T=length] [seeds=number]
// Of order five seeds and of adding three where nothing else is said; of copy and depth seed 1 alone.
using HardProblems;
using System.Globalization;

var only = args.FirstOrDefault(argument => !argument.Contains('='));
(string Name, Action Run)[] problems =
[
    ("order", () => OrderProblem.Run(Number("T", 50), Number("seeds", 5))),
    ("adding", () => AddingProblem.Run(Number("T", 100), Number("seeds", 3))),
    ("copy", () => CopyProblem.Run(Number("T", 100))),
    ("depth", () => DepthProblem.Run()),
];
foreach (var (name, run) in problems)
    if (only is null || only == name)
        run();

int Number(string name, int otherwise) => args.FirstOrDefault(argument => argument.StartsWith($"{name}=", StringComparison.Ordinal)) is { } given
    ? int.Parse(given[(name.Length + 1)..], CultureInfo.InvariantCulture)
    : otherwise;
