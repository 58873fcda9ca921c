// Tables: ours with default options against ML.NET's other trainers, the same folds for all, one thread each, times of the processor.
//   Tables [page.md] [sets=glass,mpg] [seeds=1,2] [folds=5]      all trainers, and the table of docs/tables.md
//   Tables study [sets=…] [seeds=…] [folds=…] [only=name,…]      the variants of Study.cs, ours alone
//   Tables categories [sets=…] [seeds=…] [folds=…]               learned embeddings of categories against indicators, ours alone
using Microsoft.ML;
using Tables;

var study = args.Contains("study");
var page = args.FirstOrDefault(argument => argument.EndsWith(".md", StringComparison.Ordinal));
var names = List("sets");
var only = List("only");
int[] seeds = [.. (List("seeds") ?? ["1", "2"]).Select(int.Parse)];
var folds = int.Parse(List("folds")?[0] ?? "5");

if (args.Contains("categories"))
{
    Categories();
    return 0;
}
var contestants = study ? Study.Variants : [Contestant.Network(Contestant.Ours), .. Contestant.Others];
if (only is not null)
    contestants = [.. contestants.Where(contestant => only.Contains(contestant.Name))];
var sets = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data"), "*.csv").Order().Select(TableSet.Load)
    .Where(set => names is null || names.Contains(set.Name)).ToArray();

var ml = new MLContext(seed: 1);
var results = new Results(contestants);
foreach (var set in sets)
{
    // Native libraries are loaded and methods compiled before anything is measured.
    var first = set.Folds(ml, seed: 0, folds: 20).First();
    foreach (var contestant in contestants)
        Trial.Run(ml, set.Task, contestant, first.Test, first.Test);
    foreach (var seed in seeds)
        foreach (var (train, test) in set.Folds(ml, seed, folds))
            foreach (var contestant in contestants)
                results.Add(set, contestant, Trial.Run(ml, set.Task, contestant, train, test));
    Console.WriteLine(results.Lines(set));
}
Console.WriteLine(results.Summary());
if (page is not null)
    File.WriteAllText(page, results.Page(seeds.Length, folds));
return 0;

void Categories()
{
    var folder = Directory.CreateTempSubdirectory("categories-").FullName;
    foreach (var path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data"), "*.csv").Order())
    {
        var set = TableSet.Load(path);
        var table = new CategoryTable(path, set.Task);
        if (!table.HasCategories || names is not null && !names.Contains(set.Name))
            continue;
        var variants = table.Contestants();
        var results = new Results(variants);
        foreach (var seed in seeds)
            foreach (var (train, test) in table.Folds(new MLContext(seed), seed, folds, folder))
                foreach (var variant in variants)
                    results.Add(set, variant, Trial.Run(new MLContext(seed), set.Task, variant, train, test));
        Console.WriteLine(results.Lines(set));
    }
    Directory.Delete(folder, recursive: true);
}

string[]? List(string name) => args.FirstOrDefault(argument => argument.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..].Split(',');
