using System.Text;
using static System.FormattableString;

namespace Tables;

/// <summary>All trials of all contestants, and what follows from them.</summary>
internal sealed class Results(IReadOnlyList<Contestant> contestants)
{
    private readonly Dictionary<(TableSet Set, Contestant Contestant), List<Trial>> _trials = [];

    public void Add(TableSet set, Contestant contestant, Trial trial)
    {
        if (!_trials.TryGetValue((set, contestant), out var trials))
            _trials[(set, contestant)] = trials = [];
        trials.Add(trial);
    }

    /// <summary>A line a contestant.</summary>
    public string Lines(TableSet set)
    {
        var text = new StringBuilder(Invariant($"{set.Name}, {set.Task}, {set.Rows} rows\n"));
        foreach (var contestant in contestants)
        {
            var trials = _trials[(set, contestant)];
            text.Append(Invariant($"  {contestant.Name,-24} {Mean(trials, t => t.Quality),7:F4} ± {Error(trials, t => t.Quality):F4}  loss {Mean(trials, t => t.Loss),8:F4} ± {Error(trials, t => t.Loss):F4}  {Mean(trials, t => t.Seconds),6:F2} s\n"));
        }
        return text.ToString();
    }

    /// <summary>Mean ranks; the first contestant against the best of the others, set by set.</summary>
    public string Summary()
    {
        var text = new StringBuilder();
        foreach (var contestant in contestants)
            text.Append(Invariant($"{contestant.Name,-24} mean rank {Rank(contestant, t => -t.Quality):F2}, of loss {Rank(contestant, t => t.Loss):F2}, {Sets.Average(set => Mean(_trials[(set, contestant)], t => t.Seconds)):F2} s\n"));
        var (quality, loss) = (Sets.Count(set => Holds(set, t => -t.Quality)), Sets.Count(set => Holds(set, t => t.Loss)));
        text.Append(Invariant($"{contestants[0].Name} is at or above the best other, within one standard error of the difference, on {quality} of {Sets.Count()} sets, by loss on {loss}\n"));
        return text.ToString();
    }

    /// <summary>The table of docs/tables.md.</summary>
    public string Page(int seeds, int folds)
    {
        var page = new StringBuilder(Invariant($"Mean ± standard error over {seeds} × {folds} folds; **bold** the best of a row; in brackets seconds of the processor.\n\n"));
        Table("accuracy or R²", t => t.Quality, t => -t.Quality);
        Table("log-loss or RMSE", t => t.Loss, t => t.Loss);
        return page.ToString();

        void Table(string title, Func<Trial, double> value, Func<Trial, double> cost)
        {
            Row([title, .. contestants.Select(c => c.Name)]);
            Row(Enumerable.Repeat("---", contestants.Count + 1));
            foreach (var set in Sets)
            {
                var best = contestants.MinBy(c => Mean(_trials[(set, c)], cost));
                Row([set.Name, .. contestants.Select(c =>
                {
                    var trials = _trials[(set, c)];
                    var (mean, mark) = (Mean(trials, value), c == best ? "**" : "");
                    return Invariant($"{mark}{Digits(mean)}{mark} ± {Digits(Error(trials, value))} ({Mean(trials, t => t.Seconds):F2})");
                })]);
            }
            Row(["mean rank", .. contestants.Select(c => Invariant($"{Rank(c, cost):F1}"))]);
            page.Append('\n');
        }

        void Row(IEnumerable<string> cells) => page.Append($"| {string.Join(" | ", cells)} |\n");
    }

    private IEnumerable<TableSet> Sets => _trials.Keys.Select(key => key.Set).Distinct();

    /// <summary>Whether the mean of the paired differences from the best other is at most its standard error above 0.</summary>
    private bool Holds(TableSet set, Func<Trial, double> cost)
    {
        if (contestants.Count == 1)
            return true;
        var other = contestants.Skip(1).MinBy(c => Mean(_trials[(set, c)], cost))!;
        var differences = _trials[(set, contestants[0])].Zip(_trials[(set, other)], (a, b) => new Trial(cost(a) - cost(b), 0, 0)).ToList();
        return Mean(differences, t => t.Quality) <= Error(differences, t => t.Quality);
    }

    private double Rank(Contestant contestant, Func<Trial, double> cost) => Sets.Average(set =>
        1.0 + contestants.Count(other => Mean(_trials[(set, other)], cost) < Mean(_trials[(set, contestant)], cost)));

    private static string Digits(double value) => Math.Abs(value) >= 1 ? Invariant($"{value:F2}") : Invariant($"{value:F3}");

    private static double Mean(List<Trial> trials, Func<Trial, double> value) => trials.Average(value);

    private static double Error(List<Trial> trials, Func<Trial, double> value)
    {
        var mean = trials.Average(value);
        return trials.Count < 2 ? 0 : Math.Sqrt(trials.Sum(t => Math.Pow(value(t) - mean, 2)) / (trials.Count - 1) / trials.Count);
    }
}
