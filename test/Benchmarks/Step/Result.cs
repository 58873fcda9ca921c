using static System.FormattableString;

namespace Step;

/// <summary>All turns of a case.</summary>
internal sealed record Result(Case Case, Turn[] Turns)
{
    public static Result Measure(Case @case, int turns, PythonLoop? python)
    {
        using var plain = new PlainLoop(@case);
        var product = new ProductFit(@case);
        Turn.Take(@case, plain, product, python);
        return new Result(@case, [.. Enumerable.Range(0, turns).Select(_ => Turn.Take(@case, plain, product, python))]);
    }

    /// <summary>A row of the page.</summary>
    /// <param name="rate">Multiply-adds a microsecond.</param>
    public string Row(double rate)
    {
        var products = Case.MultiplyAdds / rate;
        string[] cells =
        [
            Case.Name,
            Invariant($"{Median(turn => turn.Plain.Processor):F0}"),
            Invariant($"{Median(turn => turn.Product.Processor):F0}"),
            Invariant($"**{Median(turn => turn.Plain.Processor / turn.Product.Processor):F2}**"),
            Invariant($"{Median(turn => turn.Plain.Wall / turn.Product.Wall):F2}"),
            Turns[0].Python is null ? "—" : Invariant($"{Median(turn => turn.Python!.Value.Processor / turn.Product.Processor):F2}"),
            Invariant($"{Median(turn => turn.Product.Wall / turn.Two.Wall):F2}"),
            Invariant($"{Median(turn => turn.BusyOne.Wall / turn.BusyTwo.Wall):F2}"),
            Invariant($"{Median(turn => turn.Product.Processor / turn.Quiet.Processor):F3}"),
            Invariant($"{Median(turn => turn.DiagnosticsShare):P1}"),
            Invariant($"{products / Median(turn => turn.Product.Processor):P0}"),
            Invariant($"{Median(turn => turn.Plain.Processor) / products:F2}"),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private double Median(Func<Turn, double> value) => Turns.Select(value).Order().ElementAt(Turns.Length / 2);
}
