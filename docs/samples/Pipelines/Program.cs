// Three of ML.NET's sample applications (dotnet/machinelearning-samples), with their own trainer and with a deep network in its place, both
// with default options and one thread. The exit code is 0 only if every bar was reached.
using Pipelines;

Comparison[] comparisons = [Bikes.Compare(), Comments.Compare(), Issues.Compare()];
foreach (var comparison in comparisons)
    Console.WriteLine(comparison);
return comparisons.All(comparison => comparison.Holds) ? 0 : 1;
