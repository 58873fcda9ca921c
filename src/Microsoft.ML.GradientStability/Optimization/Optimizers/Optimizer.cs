using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>How a gradient moves the weights. One sealed record an algorithm; the static members name them.</summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(SgdOptimizer), "Sgd")]
[JsonDerivedType(typeof(AdamOptimizer), "Adam")]
[JsonDerivedType(typeof(AdamWOptimizer), "AdamW")]
[JsonDerivedType(typeof(StableAdamWOptimizer), "StableAdamW")]
[JsonDerivedType(typeof(NAdamOptimizer), "NAdam")]
[JsonDerivedType(typeof(RAdamOptimizer), "RAdam")]
[JsonDerivedType(typeof(LambOptimizer), "Lamb")]
[JsonDerivedType(typeof(RmsPropOptimizer), "RmsProp")]
[JsonDerivedType(typeof(AdagradOptimizer), "Adagrad")]
public abstract record Optimizer
{
    private readonly double _learningRate;

    private protected Optimizer(double learningRate) => LearningRate = learningRate;

    /// <summary>η, the size of a step, above 0. Default that of the static member that names the algorithm.</summary>
    public double LearningRate { get => _learningRate; init => _learningRate = Check.Positive(value, nameof(LearningRate)); }

    /// <summary>Stochastic gradient descent.</summary>
    /// <param name="learningRate">η, above 0. Default 0.01.</param>
    /// <param name="momentum">μ, in [0, 1). Default 0.</param>
    public static SgdOptimizer Sgd(double learningRate = 0.01, double momentum = 0) => new(learningRate) { Momentum = momentum };

    /// <summary>Adam: steps scaled by running moments of the gradient.</summary>
    /// <param name="learningRate">η, above 0. Default 0.001.</param>
    public static AdamOptimizer Adam(double learningRate = 0.001) => new(learningRate);

    /// <summary>Adam whose running scale never lets a step grow back.</summary>
    /// <param name="learningRate">η, above 0. Default 0.001.</param>
    public static AdamOptimizer AmsGrad(double learningRate = 0.001) => new(learningRate) { AmsGrad = true };

    /// <summary>Adam with decoupled weight decay.</summary>
    /// <param name="learningRate">η, above 0. Default 0.001.</param>
    /// <param name="weightDecay">λ, in [0, 1]. Default 0.01.</param>
    public static AdamWOptimizer AdamW(double learningRate = 0.001, double weightDecay = 0.01) =>
        new(learningRate) { WeightDecay = weightDecay };

    /// <summary>AdamW that takes smaller steps where gradients are larger than was expected of them.</summary>
    /// <param name="learningRate">η, above 0. Default 0.001.</param>
    /// <param name="weightDecay">λ, in [0, 1]. Default 0.01.</param>
    public static StableAdamWOptimizer StableAdamW(double learningRate = 0.001, double weightDecay = 0.01) =>
        new(learningRate) { WeightDecay = weightDecay };

    /// <summary>Adam with Nesterov's momentum.</summary>
    /// <param name="learningRate">η, above 0. Default 0.002.</param>
    public static NAdamOptimizer NAdam(double learningRate = 0.002) => new(learningRate);

    /// <summary>Adam that scales its steps only as far as the second moment is known: warm-up of its own.</summary>
    /// <param name="learningRate">η, above 0. Default 0.001.</param>
    public static RAdamOptimizer RAdam(double learningRate = 0.001) => new(learningRate);

    /// <summary>Adam whose step of every weight matrix is in proportion to its weights, for large batches.</summary>
    /// <param name="learningRate">η, above 0. Default 0.001.</param>
    /// <param name="weightDecay">λ, in [0, 1]. Default 0.01.</param>
    public static LambOptimizer Lamb(double learningRate = 0.001, double weightDecay = 0.01) =>
        new(learningRate) { WeightDecay = weightDecay };

    /// <summary>Steps scaled by the running size of the gradient.</summary>
    /// <param name="learningRate">η, above 0. Default 0.01.</param>
    public static RmsPropOptimizer RmsProp(double learningRate = 0.01) => new(learningRate);

    /// <summary>Steps scaled by the size of all gradients so far.</summary>
    /// <param name="learningRate">η, above 0. Default 0.01.</param>
    public static AdagradOptimizer Adagrad(double learningRate = 0.01) => new(learningRate);

    /// <summary>Whether a step is scaled by the size of the gradients, so that a penalty added to them is scaled too.</summary>
    internal virtual bool IsAdaptive => true;

    /// <summary>The greatest rate at which full-batch steps do not diverge where the loss is a parabola; <see langword="null"/> where none is known.</summary>
    /// <param name="curvature">The greatest eigenvalue of its Hessian, above 0.</param>
    internal virtual double? GreatestLearningRate(double curvature) => null;

    /// <summary>Whether it decays weights by itself.</summary>
    internal virtual bool DecaysWeights => false;

    /// <summary>
    /// Whether it can step the weights of single slots, and leave those of others and all that it remembers of them as they are; each
    /// slot then takes the steps of the algorithm over the batches that have it, as if there were no others.
    /// </summary>
    internal virtual bool StepsSlotBySlot => false;

    /// <summary>Starts to optimize in one fit; the returned object holds what must be remembered between its steps.</summary>
    internal abstract State Start(FlatParameters parameters);

    /// <summary>One algorithm at work in one fit.</summary>
    internal abstract class State
    {
        /// <summary>Moves the parameters by their gradients. Allocates nothing.</summary>
        public abstract void Step(double learningRate);
    }
}
