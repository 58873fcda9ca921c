using TorchSharp.Modules;

namespace Microsoft.ML.GradientStability;

/// <summary>How a gradient moves the weights. One sealed record an algorithm; the static members name them.</summary>
public abstract record Optimizer
{
    private readonly double _learningRate;

    private protected Optimizer(double learningRate) => LearningRate = learningRate;

    /// <summary>η, the size of a step, above 0.</summary>
    public double LearningRate { get => _learningRate; init => _learningRate = Check.Positive(value, nameof(LearningRate)); }

    /// <summary>Stochastic gradient descent.</summary>
    /// <param name="learningRate">η, above 0. Default 0.01.</param>
    /// <param name="momentum">μ, in [0, 1). Default 0.</param>
    public static SgdOptimizer Sgd(double learningRate = 0.01, double momentum = 0) => new(learningRate) { Momentum = momentum };

    /// <summary>Adam: steps scaled by running moments of the gradient.</summary>
    /// <param name="learningRate">η, above 0. Default 0.001.</param>
    public static AdamOptimizer Adam(double learningRate = 0.001) => new(learningRate);

    /// <summary>TorchSharp's optimizer over all parameters of a network as one.</summary>
    internal abstract TorchSharp.torch.optim.Optimizer Create(Parameter parameters);
}
