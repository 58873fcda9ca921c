namespace Microsoft.ML.GradientStability;

/// <summary>
/// The temperature of a network that tells classes apart: its raw outputs are divided by it, so that rows which it was not trained on are told with the certainty that they bear out
/// (Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural networks"). Which class is the likeliest does not change, but for an ensemble whose members disagree.
/// </summary>
/// <remarks>
/// The least of the loss over rows held out, T in [0.6, 8], by a golden-section search on ln T. Few rows tell little of it: ln T is taken for normal beforehand, with mean 0.2 and
/// deviation 0.25, as networks of the default are found (<c>build/bench.sh Tables</c>).
/// </remarks>
internal static class Temperature
{
    private const double Least = 0.6, Greatest = 8, ExpectedLog = 0.2, Deviation = 0.25, Precision = 0.01;

    private static readonly double s_golden = (Math.Sqrt(5) - 1) / 2;

    /// <summary>Finds it, and divides the outputs of the network by it.</summary>
    /// <param name="module">The network.</param>
    /// <param name="loss">Its mean loss on rows that were held out, as it is.</param>
    /// <param name="rows">How many these are.</param>
    /// <returns>The temperature, 1 where rows have no finite loss, or the outputs no free scale; and the loss that is left.</returns>
    public static (double Temperature, double Loss) Find(NetworkModule module, Func<double> loss, long rows)
    {
        var (now, first) = (0.0, loss());
        if (!double.IsFinite(first) || !module.ScaleOutputs(1))
            return (1, first);
        double low = Math.Log(Least), high = Math.Log(Greatest);
        double lower = Upper(high, low), upper = Upper(low, high), ofLower = Cost(lower), ofUpper = Cost(upper);
        while (high - low > Precision)
        {
            if (ofLower < ofUpper)
            {
                (high, upper, ofUpper) = (upper, lower, ofLower);
                (lower, ofLower) = (Upper(high, low), Cost(Upper(high, low)));
            }
            else
            {
                (low, lower, ofLower) = (lower, upper, ofUpper);
                (upper, ofUpper) = (Upper(low, high), Cost(Upper(low, high)));
            }
        }
        var found = (low + high) / 2;
        return (Math.Exp(found), Loss(found));

        // Beside the loss, what the prior has against it, shared out among the rows.
        double Cost(double log) => Loss(log) + Math.Pow((log - ExpectedLog) / Deviation, 2) / 2 / rows;

        double Loss(double log)
        {
            module.ScaleOutputs(Math.Exp(now - log));
            now = log;
            return loss();
        }

        static double Upper(double from, double to) => from + s_golden * (to - from);
    }
}
