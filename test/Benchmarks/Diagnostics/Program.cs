// What diagnostics cost: short fits without them, with what is read at every step, and with full looks as well, in turn in one process, and in the
// opposite order at every second turn. Ratios are taken turn by turn; beside their median stands its standard error, 1.25 of a mean's.
// The exit code is 0 only if the every-step set costs at most 2 % of a step and all of it at most 5 %.
//   build/bench.sh Diagnostics [rounds]
using System.Globalization;
using DiagnosticsBench;
using Microsoft.ML.GradientStability;

var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 61;
var held = true;
Console.WriteLine("network  without, CPU µs a step  every step: ratio      ±  measured inside  with full looks: ratio      ±  measured inside");
foreach (var (name, network) in new[]
         { ("3 × 256", Network.FeedForward(256, 256, 256)), ("20 × 64", Network.FeedForward([.. Enumerable.Repeat(64, 20)])) })
{
    var plain = network with { Normalization = Normalization.None, Dropout = 0 };
    Fit.Run(plain, Level.Full);
    var turns = Enumerable.Range(0, rounds).Select(Turn).ToArray();
    Fit[] Turn(int round)
    {
        var fits = new Fit[3];
        foreach (var level in round % 2 == 0 ? Enum.GetValues<Level>() : [.. Enum.GetValues<Level>().Reverse()])
            fits[(int)level] = Fit.Run(plain, level);
        return fits;
    }
    double Median(Func<Fit[], double> value) => turns.Select(value).Order().ElementAt(rounds / 2);
    double Error(Func<Fit[], double> value)
    {
        // By the middle half of the values, which a few disturbed turns do not widen.
        var sorted = turns.Select(value).Order().ToArray();
        return 1.25 * (sorted[3 * rounds / 4] - sorted[rounds / 4]) / 1.35 / Math.Sqrt(rounds);
    }
    var every = Median(turn => turn[1].StepTime / turn[0].StepTime);
    var full = Median(turn => turn[2].StepTime / turn[0].StepTime);
    FormattableString line = $"{name,-7}  {Median(turn => turn[0].StepTime),18:F0}  {every,17:F3}  {Error(turn => turn[1].StepTime / turn[0].StepTime),5:F3}  {Median(turn => turn[1].EveryStepShare),15:P1}  {full,22:F3}  {Error(turn => turn[2].StepTime / turn[0].StepTime),5:F3}  {Median(turn => turn[2].Share),15:P1}";
    Console.WriteLine(FormattableString.Invariant(line));
    held &= every <= 1.02 && full <= 1.05;
}
return held ? 0 : 1;
