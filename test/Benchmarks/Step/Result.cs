namespace Step;

/// <summary>One turn of a case: everybody once, one after the other, so that ratios hold whatever else the machine does.</summary>
/// <param name="Plain">TorchSharp's usual loop, one thread.</param>
/// <param name="Product">The trainer, one thread, diagnostics on.</param>
/// <param name="Quiet">The trainer, one thread, without diagnostics.</param>
/// <param name="Two">The trainer, two threads.</param>
/// <param name="Python">PyTorch, one thread, where there is one.</param>
internal sealed record Turn(Cost Plain, Cost Product, Cost Quiet, Cost Two, Cost? Python);

/// <summary>All turns of a case.</summary>
internal sealed record Result(Case Case, Turn[] Turns)
{
    public static Result Measure(Case @case, int turns, PythonLoop? python)
    {
        using var plain = new PlainLoop(@case);
        var product = new ProductFit(@case);
        Turn();
        return new Result(@case, [.. Enumerable.Range(0, turns).Select(_ => Turn())]);

        Turn Turn() => new(plain.Run(1), product.Run(1, true), product.Run(1, false), product.Run(2, true), python?.Run(@case, 1));
    }

    public double Median(Func<Turn, double> value) => Turns.Select(value).Order().ElementAt(Turns.Length / 2);

    /// <summary>A row of the page.</summary>
    /// <param name="rate">Multiply-adds a microsecond.</param>
    public string Row(double rate)
    {
        var python = Turns[0].Python is null ? "—" : FormattableString.Invariant($"{Median(turn => turn.Python!.Value.Processor / turn.Product.Processor):F2}");
        FormattableString row = $"| {Case.Name} | {Median(turn => turn.Plain.Processor):F0} | {Median(turn => turn.Product.Processor):F0} | **{Median(turn => turn.Plain.Processor / turn.Product.Processor):F2}** | {Median(turn => turn.Plain.Wall / turn.Product.Wall):F2} | {python} | {Median(turn => turn.Product.Wall / turn.Two.Wall):F2} | {Median(turn => turn.Product.Processor / turn.Quiet.Processor):F3} | {Case.MultiplyAdds / rate / Median(turn => turn.Product.Processor):P0} |";
        return FormattableString.Invariant(row);
    }
}
