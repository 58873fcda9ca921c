using Microsoft.ML.GradientStability;

namespace HardProblems;

/// <summary>Adding by gated cells and by a plain one, by the same options.</summary>
internal static class AddingProblem
{
    public static void Run(int steps, int seeds)
    {
        Console.WriteLine($"Adding, T = {steps}; guessing errs by 0.167");
        foreach (var cell in new RecurrentCell[] { RecurrentCell.Gru, RecurrentCell.Lstm(), RecurrentCell.Tanh })
        {
            var solved = 0;
            for (var seed = 1; seed <= seeds; seed++)
            {
                var trial = Trial.Number(Sequences.Adding(steps), Network.Recurrent(cell, 64), rows: 20_000, seed, options =>
                {
                    (options.StandardizeFeatures, options.Initializer) = (false, Initializer.XavierUniform);
                    (options.Optimizer, options.BatchSize, options.Epochs) = (Optimizer.Adam(0.005), 100, 12);
                });
                trial.Print($"{cell}, seed {seed}", "mean squared error");
                solved += trial.Score < 0.01 ? 1 : 0;
            }
            Console.WriteLine($"  {cell}: below 0.01 for {solved} of {seeds} seeds");
        }
    }
}
