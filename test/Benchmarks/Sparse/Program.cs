// A step over sparse rows by the number of features, 100 non-zeros a row: as a fit takes them by default, and by dense batches, which
// an option that needs all weights asks for. Processor time, one thread's where OMP_NUM_THREADS=1. No arguments.
using Microsoft.ML;
using Microsoft.ML.GradientStability;
using Sparse;

const int Units = 64;

var ml = new MLContext(seed: 1);
// Native libraries are loaded and methods compiled before anything is measured.
Steps.Measure(ml, 1000, Units, Optimizer.Adam(), epochs: 3);

Console.WriteLine($"{WideRows.Count} rows of {WideRows.NonZeros} non-zeros, one hidden layer of {Units}, batches of 64, Adam; milliseconds of processor time");
Console.WriteLine("  features     by default: a step   whole fit, 3 epochs   dense batches: a step");
foreach (var width in new[] { 1_000, 10_000, 100_000, 1_000_000 })
{
    var sparse = Steps.Measure(ml, width, Units, Optimizer.Adam(), epochs: 3);
    // NAdam has no form for single slots.
    var dense = width <= 100_000 ? $"{Steps.Measure(ml, width, Units, Optimizer.NAdam(), epochs: 2).Step.TotalMilliseconds,21:F1}" : "                    —";
    Console.WriteLine($"{width,10:N0}   {sparse.Step.TotalMilliseconds,20:F2}   {sparse.Fit.TotalMilliseconds,19:N0}   {dense}");
}
