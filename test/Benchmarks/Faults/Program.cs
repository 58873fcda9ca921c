// Training programs with a fault that was put in, beside the healthy ones that they were: what the diagnosis says of each.
//   build/bench.sh Faults [--seeds first:count] [--half even|odd|all] [--mend every] [--list]
// Rules are tuned on the even seeds and reported on the odd ones. The exit code is 0 only if the aims hold.
using System.Diagnostics;
using System.Globalization;
using Faults;

string? Argument(string name) => Array.IndexOf(args, name) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : null;
var seeds = (Argument("--seeds") ?? "0:120").Split(':').Select(s => int.Parse(s, CultureInfo.InvariantCulture)).ToArray();
var half = Argument("--half") ?? "odd";
var mend = int.Parse(Argument("--mend") ?? "3", CultureInfo.InvariantCulture);
var only = Argument("--only");
var clock = Stopwatch.StartNew();
var table = new Table(list: args.Contains("--list"));
foreach (var seed in Enumerable.Range(seeds[0], seeds[1]).Where(s => half == "all" || s % 2 == (half == "even" ? 0 : 1)))
{
    var random = new Random(seed);
    var program = TrainingProgram.Healthy(random);
    var healthy = Outcome.Of(program);
    if (!(healthy.Score >= 0.55))
    {
        table.Discard(seed, program, healthy);
        continue;
    }
    table.AddHealthy(seed, program, healthy);
    // Five faults a seed, so that all of them come round with every kind of program.
    for (var turn = 0; turn < 5; turn++)
    {
        var fault = Fault.All[(seed / 2 * 5 + turn) % Fault.All.Count];
        if (only is not null && !fault.Name.Contains(only, StringComparison.Ordinal) || fault.Inject(program, random) is not { } faulty)
            continue;
        var outcome = Outcome.Of(faulty);
        if (!outcome.IsWorseThan(healthy))
            table.AddHarmless(seed, fault, faulty, outcome);
        else
            table.AddFaulty(seed, fault, faulty, outcome, mend > 0 && (seed + turn) % mend == 0 ? Mending.Try(faulty, outcome, healthy, random) : null);
    }
}
return table.Print(clock.Elapsed);
