// A text file that is larger than the memory that its rows may take, streamed through a trainer; against the same rows from memory.
// The argument is the number of rows, by default 2 million; a quarter of them is streamed for comparison. The exit code is 0 only if
// four times the rows took no more memory.
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Streaming;

const long MiB = 1 << 20;
const long Budget = 64 * MiB;
const int Epochs = 2;

var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2_000_000;
if (rows < 1_600_000)
{
    Console.Error.WriteLine("at least 1600000 rows: a quarter of them has to be larger than the budget, too");
    return 2;
}
var ml = new MLContext(seed: 1);

Console.WriteLine($"writing {rows:N0} and {rows / 4:N0} rows × {GeneratedFile.Features} features ...");
var clock = Stopwatch.StartNew();
using var file = new GeneratedFile(rows);
using var quarter = new GeneratedFile(rows / 4);
Console.WriteLine($"{file.Bytes / MiB} and {quarter.Bytes / MiB} MiB, {clock.Elapsed.TotalSeconds:F1} s");

// Native libraries are loaded and methods compiled before anything is measured.
using (var few = new GeneratedFile(50_000))
    Fit.Run(ml, few.Load(ml), MiB, Epochs);

var reading = Read(file.Load(ml));
Console.WriteLine($"\ncursor alone             {Rate(rows, reading)}");

var streamedQuarter = Measure("streamed", quarter, Budget);
var streamed = Measure("streamed", file, Budget);
var fromMemory = Measure("from memory", file, long.MaxValue);

var ratio = fromMemory.Epochs.Min(e => e.Time) / streamed.Epochs.Min(e => e.Time);
Console.WriteLine($"\nstreamed / from memory   {ratio:P0} of the rows a second");
var (growth, more) = (streamed.GreatestWorkingSet - streamed.WorkingSetBefore, streamed.GreatestWorkingSet - streamedQuarter.GreatestWorkingSet);
Console.WriteLine($"peak memory              {growth / MiB} MiB above that before the fit, for a budget of {Budget / MiB} MiB");
// Garbage comes and goes; the rows that are more would take twice the budget.
var constant = more < Budget / 2;
Console.WriteLine($"four times the rows      {more / MiB:+0;-0;0} MiB peak memory: {(constant ? "constant" : "NOT CONSTANT")}");
return constant ? 0 : 1;

Fit Measure(string how, GeneratedFile data, long budget)
{
    var fit = Fit.Run(ml, data.Load(ml), budget, Epochs);
    Console.WriteLine($"\n{data.Rows:N0} rows {how}");
    Console.WriteLine($"  pass that measures     {Rate(data.Rows, fit.Before)}");
    foreach (var (time, waited, loss) in fit.Epochs)
        Console.WriteLine($"  epoch                  {Rate(data.Rows, time)}   waited for rows {waited / time,4:P0}   loss {loss:F4}");
    Console.WriteLine($"  working set            {fit.WorkingSetBefore / MiB} MiB before, at most {fit.GreatestWorkingSet / MiB} MiB; managed heap at most {fit.GreatestHeapGrowth / MiB} MiB more");
    return fit;
}

static TimeSpan Read(IDataView data)
{
    var clock = Stopwatch.StartNew();
    var (label, features) = (data.Schema["Label"], data.Schema["Features"]);
    using var cursor = data.GetRowCursor([label, features]);
    var (readLabel, readFeatures) = (cursor.GetGetter<float>(label), cursor.GetGetter<VBuffer<float>>(features));
    var (target, row) = (0f, default(VBuffer<float>));
    while (cursor.MoveNext())
    {
        readLabel(ref target);
        readFeatures(ref row);
    }
    return clock.Elapsed;
}

static string Rate(int rows, TimeSpan time) => $"{rows / time.TotalSeconds,11:N0} rows/s   {time.TotalSeconds,5:F1} s";
