using Microsoft.ML.GradientStability;

namespace HardProblems;

/// <summary>Copy memory by an LSTM whose forget gates start open over the whole length, and by a plain network.</summary>
internal static class CopyProblem
{
    public static void Run(int steps)
    {
        Console.WriteLine($"Copy memory, T = {steps}, one of three symbols asked for; guessing is wrong in 0.875");
        foreach (var cell in new RecurrentCell[] { RecurrentCell.Lstm(forgetBias: Math.Log(steps)), RecurrentCell.Gru, RecurrentCell.Tanh })
            Trial.Classes(Sequences.CopyMemory(steps, symbols: 3), Network.Recurrent(cell, 64), rows: 20_000, seed: 1, options =>
            {
                (options.StandardizeFeatures, options.Initializer) = (false, Initializer.XavierUniform);
                (options.Optimizer, options.BatchSize, options.Epochs) = (Optimizer.Adam(0.003), 100, 12);
            }).Print($"{cell}", "wrong");
    }
}
