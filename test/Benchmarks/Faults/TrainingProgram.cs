using Microsoft.ML.GradientStability;

namespace Faults;

/// <summary>A problem and the options of a trainer: what a user might write.</summary>
internal sealed record TrainingProgram(Problem Problem, DeepNetworkOptions Options)
{
    public FeedForwardNetwork Net => (FeedForwardNetwork)Options.Network;

    /// <summary>The same with other options.</summary>
    public TrainingProgram With(Action<DeepNetworkOptions> change)
    {
        var options = DeepNetworkOptions.FromJson(Options.ToJson());
        change(options);
        return this with { Options = options };
    }

    public TrainingProgram WithNetwork(Func<FeedForwardNetwork, FeedForwardNetwork> change) => With(o => o.Network = change((FeedForwardNetwork)o.Network));

    /// <summary>
    /// One that should learn: depth 2 to 100 with what such a depth needs by the literature (residual pre-norm, gates at 0, isometric
    /// tanh, SELU, batch normalization), and a rate, a batch and a length that suit it.
    /// </summary>
    public static TrainingProgram Healthy(Random random)
    {
        var problem = Problem.Draw(random);
        DeepNetworkOptions options = problem.Task switch
        {
            "Multiclass" => new DeepNetworkMulticlassTrainer.Options { LabelColumnName = nameof(Row.Class), LabelSmoothing = random.Next(2) * 0.1 },
            "Binary" => new DeepNetworkBinaryTrainer.Options { LabelColumnName = nameof(Row.Flag) },
            _ => new DeepNetworkRegressionTrainer.Options
            {
                LabelColumnName = nameof(Row.Number),
                Loss = random.Next(4) switch { 0 => RegressionLoss.Absolute, 1 => RegressionLoss.Huber(), _ => RegressionLoss.Squared },
            },
        };
        var width = random.Next(3) switch { 0 => 16, 1 => 32, _ => 64 };
        int[] Layers(int depth) => [.. Enumerable.Repeat(width, depth)];
        T Pick<T>(params T[] values) => values[random.Next(values.Length)];
        Activation[] smooth = [Activation.Relu, Activation.LeakyRelu(), Activation.Elu(), Activation.Gelu, Activation.Silu, Activation.Mish];
        var deep = true;
        (options.Network, options.Initializer) = random.Next(8) switch
        {
            0 => (Network.FeedForward(Layers(random.Next(8, 50))) with { Activation = Pick(smooth), Normalization = Pick<Normalization>(Normalization.Layer, Normalization.Rms), Residual = Residual.Identity }, Initializer.HeUniform),
            1 => (Network.FeedForward(Layers(random.Next(10, 101))) with { Activation = Pick(smooth), Normalization = Normalization.None, Residual = Residual.Gated() }, Initializer.HeNormal),
            2 => (Network.FeedForward(Layers(random.Next(8, 31))) with { Activation = Activation.Tanh, Normalization = Normalization.None }, Initializer.Orthogonal),
            3 => (Network.FeedForward(Layers(random.Next(6, 21))) with { Activation = Activation.Selu, Normalization = Normalization.None }, Initializer.LeCunNormal),
            _ => Shallow(),
        };

        (FeedForwardNetwork, Initializer) Shallow()
        {
            deep = false;
            var activation = Pick([.. smooth, Activation.Tanh, Activation.Relu, Activation.Softplus()]);
            Normalization normalization = Pick<Normalization>(Normalization.None, Normalization.None, Normalization.Layer, Normalization.Batch, Normalization.Rms);
            var network = Network.FeedForward(Layers(random.Next(2, 6))) with { Activation = activation, Normalization = normalization, Dropout = Pick(0, 0, 0.1, 0.2) };
            return (network, activation is TanhActivation ? Initializer.XavierUniform : Pick<Initializer>(Initializer.HeUniform, Initializer.HeNormal, Initializer.Orthogonal));
        }

        options.Optimizer = deep ? Pick<Optimizer>(Optimizer.Adam(0.001), Optimizer.AdamW(0.001), Optimizer.Adam(0.0005))
            : Pick<Optimizer>(Optimizer.Adam(0.003), Optimizer.AdamW(0.002), Optimizer.Sgd(0.05, 0.9), Optimizer.Sgd(0.1), Optimizer.RmsProp(0.001));
        options.Clipping = Pick<GradientClipper>(GradientClipper.Norm(), GradientClipper.Norm(5), GradientClipper.None, GradientClipper.Value());
        options.Schedule = Pick<LearningRateSchedule>(LearningRateSchedule.Constant, LearningRateSchedule.Constant, LearningRateSchedule.Cosine, LearningRateSchedule.OneCycle());
        options.BatchSize = Pick(16, 32, 32);
        options.Epochs = random.Next(20, 31) / (deep ? 2 : 1) * options.BatchSize / 16;
        options.ValidationFraction = Pick(0, 0.2, 0.2);
        options.Seed = random.Next(1000);
        options.Stability = StabilityPolicy.Warn;
        options.FeatureColumnName = nameof(Row.Features);
        return new TrainingProgram(problem, options);
    }
}
