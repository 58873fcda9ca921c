using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The first values of the weights (units × inputs). Too large, and signals and gradients explode with depth; too small, and they
/// vanish. One sealed record a scheme; the static members name them. Except with <see cref="Default"/>, biases start at 0.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(DefaultInitializer), "Default")]
[JsonDerivedType(typeof(XavierUniformInitializer), "XavierUniform")]
[JsonDerivedType(typeof(XavierNormalInitializer), "XavierNormal")]
[JsonDerivedType(typeof(HeUniformInitializer), "HeUniform")]
[JsonDerivedType(typeof(HeNormalInitializer), "HeNormal")]
[JsonDerivedType(typeof(LeCunUniformInitializer), "LeCunUniform")]
[JsonDerivedType(typeof(LeCunNormalInitializer), "LeCunNormal")]
[JsonDerivedType(typeof(OrthogonalInitializer), "Orthogonal")]
[JsonDerivedType(typeof(DeltaOrthogonalInitializer), "DeltaOrthogonal")]
[JsonDerivedType(typeof(TruncatedNormalInitializer), "TruncatedNormal")]
[JsonDerivedType(typeof(ConstantInitializer), "Constant")]
[JsonDerivedType(typeof(IdentityInitializer), "Identity")]
[JsonDerivedType(typeof(LsuvInitializer), "Lsuv")]
[JsonDerivedType(typeof(FixupInitializer), "Fixup")]
public abstract record Initializer
{
    private protected Initializer() { }

    /// <summary>LibTorch's own: it shrinks the signal of a plain ReLU network by 0.41 a layer.</summary>
    public static DefaultInitializer Default { get; } = new();

    /// <summary>Glorot and Bengio 2010, uniform; made for tanh.</summary>
    public static XavierUniformInitializer XavierUniform { get; } = new();

    /// <summary>Glorot and Bengio 2010, normal; made for tanh.</summary>
    public static XavierNormalInitializer XavierNormal { get; } = new();

    /// <summary>He et al. 2015, uniform; made for ReLU.</summary>
    public static HeUniformInitializer HeUniform { get; } = new();

    /// <summary>He et al. 2015, normal; made for ReLU.</summary>
    public static HeNormalInitializer HeNormal { get; } = new();

    /// <summary>LeCun et al. 1998, uniform.</summary>
    public static LeCunUniformInitializer LeCunUniform { get; } = new();

    /// <summary>LeCun et al. 1998, normal; made for <see cref="Activation.Selu"/>.</summary>
    public static LeCunNormalInitializer LeCunNormal { get; } = new();

    /// <summary>
    /// Saxe et al. 2014: rows or columns of unit length at right angles, so that lengths and gradients keep their scale at any depth.
    /// </summary>
    public static OrthogonalInitializer Orthogonal { get; } = new();

    /// <summary>Xiao et al. 2018: orthogonal at the middle of a convolution's kernel, 0 around it; for plain convolutions at any depth.</summary>
    public static DeltaOrthogonalInitializer DeltaOrthogonal { get; } = new();

    /// <summary>Normal, without what lies beyond two standard deviations.</summary>
    /// <param name="standardDeviation">Of the normal distribution, above 0. Default 0.02.</param>
    public static TruncatedNormalInitializer TruncatedNormal(double standardDeviation = 0.02) => new() { StandardDeviation = standardDeviation };

    /// <summary>All weights the same; only for studies, because units that start alike stay alike.</summary>
    /// <param name="value">Any finite number. Default 0.01.</param>
    public static ConstantInitializer Constant(double value = 0.01) => new() { Value = value };

    /// <summary>1 on the diagonal, 0 elsewhere: every layer starts by passing its input on.</summary>
    public static IdentityInitializer Identity { get; } = new();

    /// <summary>Mishkin and Matas 2016: orthonormal, then every layer scaled to unit variance on a batch of the data.</summary>
    public static LsuvInitializer Lsuv { get; } = new();

    /// <summary>Zhang, Dauphin and Ma 2019: for residual networks without normalization, at any depth.</summary>
    public static FixupInitializer Fixup { get; } = new();

    /// <summary>Sets the weights and biases of a linear map.</summary>
    internal void Initialize(WeightMap map, in LayerRole role, in Origin origin) =>
        Initialize(map.Weight, map.Bias, map.Groups, role with { Positions = map.Positions }, origin);

    /// <summary>Sets weights (units × inputs) and, where there are such, biases (units).</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="bias">The biases, if any.</param>
    /// <param name="groups">Groups of units that have inputs of their own.</param>
    /// <param name="role">What has to be known of them.</param>
    /// <param name="origin">What they are drawn from.</param>
    internal void Initialize(Tensor weight, Tensor? bias, int groups, in LayerRole role, in Origin origin)
    {
        origin.Cancellation.ThrowIfCancelled();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var units = weight.shape[0] / groups;
        for (var group = 0; group < groups; group++)
            InitializeWeight(groups == 1 ? weight : weight.narrow(0, group * units, units), role, origin);
        if (bias is not null)
            InitializeBias(bias, weight, origin);
    }

    /// <summary>Sets vectors that are looked up, not summed (entries × width): normal with deviation 1/√width, so that each is about 1 long.</summary>
    internal static void InitializeEntries(Tensor entries, in Origin origin)
    {
        using var frozen = no_grad();
        Normal(entries, 1 / Math.Sqrt(entries.shape[^1]), origin.Random);
    }

    /// <summary>Whether <see cref="Adapt"/> has anything to do.</summary>
    internal virtual bool NeedsData => false;

    /// <summary>Corrects the weights by what the layers make of data, before training starts.</summary>
    /// <param name="module">The network, its weights set.</param>
    /// <param name="features">A batch (rows × features).</param>
    /// <param name="cancellation">Looked at from layer to layer.</param>
    internal virtual void Adapt(NetworkModule module, Tensor features, Cancellation cancellation) { }

    private protected abstract void InitializeWeight(Tensor weight, in LayerRole role, in Origin origin);

    /// <summary>The biases of a linear map with these weights.</summary>
    private protected virtual void InitializeBias(Tensor bias, Tensor weight, in Origin origin) => nn.init.zeros_(bias);

    /// <summary>Inputs of a unit.</summary>
    private protected static long FanIn(Tensor weight) => weight.shape[1];

    /// <summary>Units that an input goes to, at each of its positions.</summary>
    private protected static long FanOut(Tensor weight, in LayerRole role) => weight.shape[0] * role.Positions;

    /// <summary>Uniform with mean 0 and this standard deviation: within ±√3 of it.</summary>
    private protected static void Uniform(Tensor weight, double standardDeviation, FitRandom random) =>
        random.Next().FillUniform((float)(Math.Sqrt(3) * standardDeviation), Values(weight));

    /// <summary>Normal with mean 0.</summary>
    private protected static void Normal(Tensor weight, double standardDeviation, FitRandom random) =>
        random.Next().FillNormal((float)standardDeviation, Values(weight));

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
