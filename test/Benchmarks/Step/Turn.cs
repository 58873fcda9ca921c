namespace Step;

/// <summary>One turn of a case: everybody once, one after the other, so that ratios hold whatever else the machine does.</summary>
/// <param name="Plain">TorchSharp's usual loop, one thread.</param>
/// <param name="Product">The trainer, one thread, diagnostics on.</param>
/// <param name="DiagnosticsShare">The share of that which it says itself diagnostics of every step took.</param>
/// <param name="Quiet">The trainer, one thread, without diagnostics.</param>
/// <param name="Two">The trainer, two threads.</param>
/// <param name="Python">PyTorch, one thread, where there is one.</param>
/// <param name="BusyOne">The trainer, one thread, while other programs keep every core busy.</param>
/// <param name="BusyTwo">The same with two.</param>
internal sealed record Turn(Cost Plain, Cost Product, double DiagnosticsShare, Cost Quiet, Cost Two, Cost? Python, Cost BusyOne, Cost BusyTwo)
{
    public static Turn Take(Case @case, PlainLoop plain, ProductFit product, PythonLoop? python)
    {
        var (ofPlain, ofProduct) = (plain.Run(1), product.Run(1, true));
        var share = product.DiagnosticsShare;
        var (quiet, two) = (product.Run(1, false), product.Run(2, true));
        var ofPython = python?.Run(@case, 1);
        using var busy = new BusyCores();
        return new Turn(ofPlain, ofProduct, share, quiet, two, ofPython, product.Run(1, true), product.Run(2, true));
    }
}
