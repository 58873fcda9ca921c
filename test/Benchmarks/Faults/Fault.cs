using Microsoft.ML.GradientStability;

namespace Faults;

/// <summary>One thing that is wrong with a program.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Causes">The names of causes that are right to blame.</param>
/// <param name="Inject">The same program with it; <see langword="null"/> where it cannot have it.</param>
internal sealed record Fault(string Name, string[] Causes, Func<TrainingProgram, Random, TrainingProgram?> Inject)
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("weights too large", ["InitialWeights"], (p, r) => Plain(p, r, 3, 12).With(o => o.Initializer = Initializer.XavierNormal with { Gain = r.Next(8, 40) })),
        new("weights too small", ["InitialWeights"], (p, r) => Plain(p, r, 4, 20).With(o => o.Initializer = Initializer.TruncatedNormal(0.003 * r.Next(1, 5)))),
        new("weights of LibTorch in a deep network", ["InitialWeights"], (p, r) => Plain(p, r, 14, 40).With(o => o.Initializer = Initializer.Default)),
        new("all weights equal", ["InitialWeights"], (p, r) => p.Net.Residual is GatedResidual ? null : p.With(o => o.Initializer = Initializer.Constant(0.05 * r.Next(1, 4)))),
        new("deep sigmoid", ["Activation"], (p, r) => Plain(p, r, 6, 25).WithNetwork(n => n with { Activation = Activation.Sigmoid }).With(o => o.Initializer = Initializer.XavierUniform)),
        new("deep plain network", ["Depth"], (p, r) => Plain(p, r, 50, 90).WithNetwork(n => n with { Activation = Activation.Relu }).With(o => o.Initializer = Initializer.HeNormal)),
        new("residual sums without normalization", ["ResidualSums"], (p, r) => Plain(p, r, 40, 100).WithNetwork(n => n with { Residual = Residual.Identity, Activation = Activation.Relu }).With(o => o.Initializer = Initializer.HeNormal)),
        new("rate too low", ["LearningRate"], (p, r) => p.With(o => o.Optimizer = o.Optimizer with { LearningRate = o.Optimizer.LearningRate * Math.Pow(10, -3 - r.NextDouble()) })),
        new("rate too high", ["LearningRate"], (p, r) => p.With(o => o.Optimizer = o.Optimizer with { LearningRate = o.Optimizer.LearningRate * Math.Pow(10, 2 + 1.5 * r.NextDouble()) })),
        new("rate too high, no clipping", ["LearningRate"], (p, r) => p.With(o =>
        {
            o.Clipping = GradientClipper.None;
            o.Optimizer = Optimizer.Sgd(Math.Pow(10, 0.5 + 1.5 * r.NextDouble()), 0.9);
        })),
        new("schedule ends too early", ["Schedule"], (p, r) => p.With(o => o.Schedule = r.Next(2) == 0 ? LearningRateSchedule.Exponential(0.1) : LearningRateSchedule.Step(1, 0.01))),
        new("clipping too tight", ["Clipping"], (p, r) => p.With(o =>
        {
            o.Optimizer = Optimizer.Sgd(0.05, 0.9);
            o.Clipping = GradientClipper.Norm(Math.Pow(10, -4 - 2 * r.NextDouble()));
        })),
        new("too few steps", ["Steps"], (p, r) => p.With(o => (o.Epochs, o.BatchSize) = (r.Next(1, 3), 64))),
        new("loss scale too small", ["LossScale"], (p, r) => p.Problem.Classes != 0 ? null : p.With(o =>
        {
            ((DeepNetworkRegressionTrainer.Options)o).Loss = RegressionLoss.Huber(Math.Pow(10, -4 - r.NextDouble()));
            o.Optimizer = Optimizer.Sgd(0.05, 0.9);
        })),
        new("loss weight too large", ["LossWeights"], (p, r) => p.Problem.Task != "Binary" ? null : p.With(o =>
        {
            ((DeepNetworkBinaryTrainer.Options)o).PositiveWeight = Math.Pow(10, 3 + 2 * r.NextDouble());
        })),
        new("class weights one-sided", ["LossWeights"], (p, r) => p.Problem.Task != "Multiclass" ? null : p.With(o =>
            ((DeepNetworkMulticlassTrainer.Options)o).ClassWeights = [.. Enumerable.Range(0, p.Problem.Classes).Select(c => c == 0 ? 1000.0 : 1)])),
        new("NaN in the data", ["Features"], (p, r) => p with { Problem = p.Problem.Change((row, i) => { if (i == 77) row.Features[0] = float.NaN; }) }),
        new("outlier target", ["Targets"], (p, r) =>
        {
            var (victims, size) = (r.Next(1, 4), Math.Pow(10, r.Next(4, 7)));
            return p.Problem.Classes != 0 ? null : p with { Problem = p.Problem.Change((row, i) => { if (i < victims) row.Number *= (float)size; }) };
        }),
        new("class imbalance", ["ClassImbalance"], (p, r) =>
        {
            var kept = new Dictionary<uint, int>();
            var share = r.Next(2, 5);
            return p.Problem.Classes == 0 ? null : p with
            {
                Problem = p.Problem.With(p.Problem.Training.Where(row =>
                {
                    var of = p.Problem.Task == "Binary" ? row.Flag ? 1u : 0 : row.Class;
                    kept[of] = kept.GetValueOrDefault(of) + 1;
                    return of == (p.Problem.Task == "Binary" ? 0u : 1u) || kept[of] <= share;
                })),
            };
        }),
        new("labels are noise", ["Labels"], (p, r) =>
        {
            var rows = p.Problem.Training.ToArray();
            r.Shuffle(rows);
            return p with { Problem = p.Problem.Change((row, i) => (row.Number, row.Flag, row.Class) = (rows[i].Number, rows[i].Flag, rows[i].Class)) };
        }),
        new("overfitting", ["Overfitting"], (p, r) =>
        {
            var rows = p.Problem.Training.ToArray();
            r.Shuffle(rows);
            return (p with { Problem = p.Problem.With(rows.Take(p.Problem.Classes > 2 ? 60 : 40)) }).With(o => (o.Epochs, o.ValidationFraction, o.BatchSize) = (o.Epochs * 3, 0.4, 16));
        }),
        new("strong L1", ["Regularizer"], (p, r) => p.With(o => o.Regularization = [Regularizer.L1(0.03 * r.Next(1, 10))])),
        new("max-norm too small", ["Regularizer"], (p, r) => p.Net.Normalization is not NoNormalization ? null : p.With(o => o.Regularization = [Regularizer.MaxNorm(0.02 * r.Next(1, 5))])),
        new("strong weight decay", ["Regularizer"], (p, r) => p.With(o => (o.Optimizer, o.Regularization) = (Optimizer.Sgd(0.1), [Regularizer.WeightDecay(0.5 + 0.5 * r.NextDouble())]))),
        new("dropout 0.98", ["Dropout"], (p, r) => p.WithNetwork(n => n with { Dropout = 0.98 })),
        new("batch of two with batch normalization", ["BatchSize"], (p, r) => p.WithNetwork(n => n with { Normalization = Normalization.Batch, Residual = null, Activation = Activation.Relu, HiddenUnits = [.. n.HiddenUnits.Take(6)] })
            .With(o => (o.BatchSize, o.Epochs, o.Optimizer) = (2, 3, Optimizer.Adam(0.003)))),
        new("constant features", ["Features"], (p, r) => p with { Problem = p.Problem.ChangeUnit(row => Array.Fill(row.Features, 1.5f)) }),
        new("outlier rows", ["Features"], (p, r) => p with { Problem = p.Problem.Change((row, i) => { if (i % 97 == 5) row.Features = [.. row.Features.Select(x => x * 1e6f)]; }) }),
        new("unscaled inputs", ["Features"], (p, r) =>
        {
            var (scale, offset) = r.Next(2) == 0 ? (Math.Pow(10, 3 + 2 * r.NextDouble()), 0.0) : (1.0, 1000 * (1 + 9 * r.NextDouble()));
            return (p with { Problem = p.Problem.ChangeUnit(row => row.Features = [.. row.Features.Select(x => (float)(x * scale + offset))]) }).With(o => o.StandardizeFeatures = false);
        }),
        new("inputs too small", ["Features"], (p, r) => (p with { Problem = p.Problem.ChangeUnit(row => row.Features = [.. row.Features.Select(x => x * 1e-5f)]) }).With(o => o.StandardizeFeatures = false)),
        new("dead units", ["LearningRate"], (p, r) => Plain(p, r, 3, 6).WithNetwork(n => n with { Activation = Activation.Relu }).With(o =>
        {
            (o.Optimizer, o.Clipping) = (Optimizer.Sgd(3 * r.Next(1, 4), 0.9), GradientClipper.Norm());
        })),
        new("tanh started saturated", ["InitialWeights"], (p, r) => Plain(p, r, 6, 14).WithNetwork(n => n with { Activation = Activation.Tanh }).With(o => o.Initializer = Initializer.Orthogonal with { Gain = r.Next(10, 60) })),
    ];

    /// <summary>The program as a plain network of that depth: the fault takes away what made it healthy.</summary>
    private static TrainingProgram Plain(TrainingProgram program, Random random, int least, int most)
    {
        var depth = random.Next(least, most + 1);
        return program.WithNetwork(n => n with
        {
            HiddenUnits = [.. Enumerable.Repeat(n.HiddenUnits[0], depth)],
            Normalization = Normalization.None,
            Residual = null,
            Activation = n.Activation is SeluActivation or SoftplusActivation ? Activation.Relu : n.Activation,
        });
    }
}
