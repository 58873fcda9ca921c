using Microsoft.ML.GradientStability;

namespace Faults;

/// <summary>Counts what was said of programs whose state is known, and prints the confusion matrix.</summary>
internal sealed class Table(bool list)
{
    private const string Silence = "(nothing)";
    private const string Refused = "(refused)";

    private readonly List<(Fault? Fault, string Said, bool Right, Mending? Mending)> _programs = [];
    private int _discarded;
    private int _harmless;
    private int _stopped;

    public void Discard(int seed, TrainingProgram program, Outcome outcome)
    {
        _discarded++;
        List("discarded", seed, "", program, outcome);
    }

    public void AddHealthy(int seed, TrainingProgram program, Outcome outcome)
    {
        _programs.Add((null, Said(outcome), !outcome.Speaks, null));
        _stopped += outcome.Findings.Any(f => f.Severity == Severity.Error) ? 1 : 0;
        List(outcome.Speaks ? "FALSE ALARM" : "healthy", seed, "", program, outcome);
    }

    public void AddHarmless(int seed, Fault fault, TrainingProgram program, Outcome outcome)
    {
        _harmless++;
        List("harmless", seed, fault.Name, program, outcome);
    }

    public void AddFaulty(int seed, Fault fault, TrainingProgram program, Outcome outcome, Mending? mending)
    {
        var said = Said(outcome);
        // A refusal names row and column itself; that is the data's.
        var right = said == Refused ? fault.Causes.Contains("Features") || fault.Causes.Contains("Labels") : fault.Causes.Contains(said);
        _programs.Add((fault, said, right, mending));
        List(!outcome.Speaks ? "MISSED" : right ? "right" : "WRONG CAUSE", seed, fault.Name, program, outcome);
    }

    /// <summary>Prints everything; 0 where the aims hold.</summary>
    public int Print(TimeSpan time)
    {
        var (healthy, faulty) = (_programs.Where(p => p.Fault is null).ToArray(), _programs.Where(p => p.Fault is not null).ToArray());
        Console.WriteLine($"{_programs.Count} programs: {healthy.Length} healthy, {faulty.Length} faulty; left out: {_discarded} that should learn and do not, {_harmless} that their fault does not harm");
        Console.WriteLine();
        Console.WriteLine($"{"fault",-42} {"programs",8} {"found",6} {"right",6}   said");
        foreach (var group in _programs.GroupBy(p => p.Fault?.Name ?? "none: healthy").OrderBy(g => g.Key))
        {
            var said = string.Join(", ", group.GroupBy(p => p.Said).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}"));
            Console.WriteLine($"{group.Key,-42} {group.Count(),8} {group.Count(p => p.Said != Silence),6} {group.Count(p => p.Right),6}   {said}");
        }
        Console.WriteLine();
        Console.WriteLine($"{"said",-20} {"times",6} {"right",6} {"precision",10} {"recall",8}");
        foreach (var cause in _programs.Select(p => p.Said).Where(s => s != Silence).Distinct().Order())
        {
            var (named, right) = (_programs.Count(p => p.Said == cause), faulty.Count(p => p.Said == cause && p.Right));
            var wanted = faulty.Count(p => p.Fault!.Causes[0] == cause);
            Console.WriteLine($"{cause,-20} {named,6} {right,6} {Share(right, named),10:F2} {Share(right, wanted),8:F2}");
        }
        var found = faulty.Count(p => p.Said != Silence);
        var alarms = healthy.Count(p => p.Said != Silence);
        var (precision, recall) = (Share(found, found + alarms), Share(found, faulty.Length));
        var (causes, falseAlarms) = (Share(faulty.Count(p => p.Right), faulty.Length), Share(alarms, healthy.Length));
        var mended = faulty.Where(p => p.Mending is { HasRemedy: true }).Select(p => p.Mending!).ToArray();
        Console.WriteLine();
        Console.WriteLine($"precision {precision:F3} (aim 0.98)   recall {recall:F3} (aim 0.95)   right cause {causes:F3} of all faulty, {Share(faulty.Count(p => p.Right), found):F3} of those found (aim 0.90)");
        Console.WriteLine($"healthy with a finding {falseAlarms:P1} (aim ≤ 1 %), stopped {_stopped}");
        Console.WriteLine($"mended by the first remedy, up to three times: {Share(mended.Count(m => m.ByFirst), mended.Length):P0} of {mended.Length} that have one; by random ones {Share(mended.Count(m => m.ByRandom), mended.Length):P0}");
        Console.WriteLine($"{time.TotalSeconds:F0} s");
        return precision >= 0.98 && recall >= 0.95 && causes >= 0.9 && falseAlarms <= 0.01 ? 0 : 1;
    }

    private static double Share(int part, int whole) => whole == 0 ? double.NaN : (double)part / whole;

    private static string Said(Outcome outcome) => outcome.Principal is { } finding ? finding.CauseName : outcome.Refusal is null ? Silence : Refused;

    private void List(string verdict, int seed, string fault, TrainingProgram program, Outcome outcome)
    {
        if (!list)
            return;
        Console.WriteLine($"{verdict,-12} seed {seed,3} {fault,-36} score {outcome.Score,6:F2}  {program.Problem.Task} {program.Options}");
        foreach (var finding in outcome.Findings)
            Console.WriteLine("    " + string.Join("\n    ", $"{finding.Severity} {finding}".Split('\n')));
        if (outcome.Refusal is { } refusal && outcome.Findings.Count == 0)
            Console.WriteLine($"    refused: {refusal}");
    }
}
