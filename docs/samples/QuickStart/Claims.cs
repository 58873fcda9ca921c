namespace QuickStart;

/// <summary>The table at the end: what was claimed, what came out, and whether it held.</summary>
internal sealed class Claims
{
    private readonly List<(string What, string Result, string Claim, bool Held)> _rows = [];

    public void Add(string what, string result, string claim, bool held) => _rows.Add((what, result, claim, held));

    /// <summary>Prints the table; the exit code of the program.</summary>
    public int Print()
    {
        var (what, result, claim) = (_rows.Max(r => r.What.Length), _rows.Max(r => r.Result.Length), _rows.Max(r => r.Claim.Length));
        Console.WriteLine();
        foreach (var row in _rows)
            Console.WriteLine($"  {row.What.PadRight(what)}  {row.Result.PadRight(result)}  {row.Claim.PadRight(claim)}  {(row.Held ? "held" : "FAILED")}");
        return _rows.All(r => r.Held) ? 0 : 1;
    }
}
