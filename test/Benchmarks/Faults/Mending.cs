using Microsoft.ML.GradientStability;

namespace Faults;

/// <summary>Whether a program is mended by the first remedy of its principal finding, applied up to three times; and by random remedies.</summary>
internal sealed record Mending(bool HasRemedy, bool ByFirst, bool ByRandom)
{
    private const int Times = 3;

    /// <summary>The control: changes that findings offer, without a look at the program.</summary>
    private static readonly Action<DeepNetworkOptions>[] s_anything =
    [
        o => o.StandardizeFeatures = true,
        o => o.Optimizer = o.Optimizer with { LearningRate = o.Optimizer.LearningRate / 10 },
        o => o.Optimizer = o.Optimizer with { LearningRate = o.Optimizer.LearningRate * 10 },
        o => o.Clipping = GradientClipper.Norm(1),
        o => o.Initializer = Initializer.HeUniform,
        o => o.Initializer = Initializer.Orthogonal,
        o => o.Network = (FeedForwardNetwork)o.Network with { Normalization = Normalization.Layer },
        o => o.Network = (FeedForwardNetwork)o.Network with { Residual = Residual.Gated() },
        o => o.Network = (FeedForwardNetwork)o.Network with { Activation = Activation.Relu },
        o => o.Network = (FeedForwardNetwork)o.Network with { Dropout = 0 },
        o => o.Schedule = LearningRateSchedule.Constant,
        o => o.Regularization = [],
        o => o.Epochs *= 4,
        o => o.BatchSize = 32,
    ];

    public static Mending Try(TrainingProgram faulty, Outcome outcome, Outcome healthy, Random random) =>
        outcome.Findings.All(f => f.Remedies.Count == 0)
            ? new Mending(false, false, false)
            : new Mending(true,
                Mends(faulty, outcome, healthy, findings => First(findings) is { } remedy ? remedy.ApplyTo : null),
                Mends(faulty, outcome, healthy, _ => s_anything[random.Next(s_anything.Length)]));

    private static bool Mends(TrainingProgram program, Outcome outcome, Outcome healthy, Func<Outcome, Action<DeepNetworkOptions>?> choose)
    {
        for (var time = 0; time < Times; time++)
        {
            if (choose(outcome) is not { } change)
                return false;
            program = program.With(change);
            outcome = Outcome.Of(program);
            if (!outcome.IsWorseThan(healthy))
                return true;
        }
        return false;
    }

    /// <summary>The first remedy of the principal finding, of another where it has none.</summary>
    private static Remedy? First(Outcome outcome) =>
        outcome.Findings.OrderByDescending(f => f == outcome.Principal).SelectMany(f => f.Remedies).FirstOrDefault();
}
