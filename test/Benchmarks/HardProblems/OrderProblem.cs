using Microsoft.ML.GradientStability;

namespace HardProblems;

/// <summary>Temporal order by a tanh network of 50 units, batches of 20, plain steps (Pascanu, Mikolov and Bengio 2013), with clipping and without at the same rate.</summary>
internal static class OrderProblem
{
    private const double LearningRate = 0.02;
    private const int Epochs = 20;

    public static void Run(int steps, int seeds)
    {
        Console.WriteLine($"Temporal order, T = {steps}; guessing is wrong in 0.75");
        foreach (var clipping in new GradientClipper[] { GradientClipper.Norm(1), GradientClipper.None })
        {
            var solved = 0;
            for (var seed = 1; seed <= seeds; seed++)
            {
                var trial = Trial.Classes(Sequences.TemporalOrder(steps), Network.Recurrent(RecurrentCell.Tanh, 50), rows: 20_000, seed, options =>
                {
                    (options.StandardizeFeatures, options.Initializer, options.Clipping) = (false, Initializer.TruncatedNormal(0.1), clipping);
                    (options.Optimizer, options.Schedule, options.BatchSize, options.Epochs) = (Optimizer.Sgd(LearningRate), LearningRateSchedule.Constant, 20, Epochs);
                });
                trial.Print($"tanh RNN, clipping {clipping}, seed {seed}", "wrong");
                solved += trial.Score < 0.01 ? 1 : 0;
            }
            Console.WriteLine($"  clipping {clipping}: solved for {solved} of {seeds} seeds");
        }
    }
}
