using Microsoft.ML.GradientStability;
using static System.FormattableString;

namespace HardProblems;

/// <summary>
/// Copy memory by gated and by plain cells: ten symbols of eight, one of which is asked for T steps later. A network without memory expects all eight alike, a log-loss
/// of ln 8; the published form, which asks for all ten and averages over all T + 20 steps, calls that 10·ln 8/(T + 20). Of 30 bits a network keeps as many as its log-loss is below.
/// </summary>
internal static class CopyProblem
{
    private const int Symbols = 10, Bits = 3;

    public static void Run(int steps)
    {
        Console.WriteLine(Invariant($"Copy memory, T = {steps}; a log-loss of ln 8 = {Math.Log(8):F3} without memory, {Symbols * Math.Log(8) / (steps + 2 * Symbols):F3} as the published form counts"));
        foreach (var cell in new RecurrentCell[] { RecurrentCell.Lstm(forgetBias: Math.Log(steps)), RecurrentCell.Gru, RecurrentCell.Relu, RecurrentCell.Tanh })
        {
            var trial = Trial.Classes(Sequences.CopyMemory(steps, Symbols), Network.Recurrent(cell, 64), rows: 20_000, seed: 1, options =>
            {
                (options.StandardizeFeatures, options.Initializer) = (false, Initializer.XavierUniform);
                (options.Optimizer, options.BatchSize, options.Epochs) = (Optimizer.Adam(0.003), 100, 12);
            }, metrics => metrics.LogLoss);
            trial.Print(Invariant($"{cell}, {Symbols * Bits * (1 - trial.Score / Math.Log(8)):F1} of {Symbols * Bits} bits kept"), "log-loss");
        }
    }
}
