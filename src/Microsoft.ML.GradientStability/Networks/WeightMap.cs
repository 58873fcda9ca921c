using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A linear map with weights W (units × inputs of a unit) and, optionally, a number b a unit that is added: of vectors, or of the surroundings of
/// every position of an image. LibTorch's own modules draw first weights from the generator that the whole process shares; these have none before
/// an initializer sets them.
/// </summary>
internal abstract class WeightMap : nn.Module<Tensor, Tensor>, IWrittenOut
{
    /// <param name="name">Of the map in its layer.</param>
    /// <param name="inputs">Numbers that a unit reads.</param>
    /// <param name="units">Units.</param>
    /// <param name="hasBias">Whether there is a b.</param>
    protected WeightMap(string name, int inputs, int units, bool hasBias) : base(name)
    {
        Name = name;
        Weight = new Parameter(empty([units, inputs], dtype: ScalarType.Float32, device: CPU));
        register_parameter("weight", Weight);
        if (!hasBias)
            return;
        Bias = new Parameter(empty([units], dtype: ScalarType.Float32, device: CPU));
        register_parameter("bias", Bias);
    }

    /// <summary>Its name in its layer.</summary>
    public string Name { get; }

    public Parameter Weight { get; }

    public Parameter? Bias { get; }

    /// <summary>Positions that a unit reads an input at.</summary>
    public virtual int Positions => 1;

    /// <summary>Groups of units that have inputs of their own.</summary>
    public virtual int Groups => 1;

    public sealed override Tensor forward(Tensor input) => Apply(input, Weight);

    public Pass? WriteOut() => WriteOut(new WrittenWeights(Weight));

    /// <summary>The map written out, by weights of the same shape; <see langword="null"/> where it is not.</summary>
    public virtual Pass? WriteOut(WrittenWeights weights) => null;

    /// <summary>The map by other weights of the same shape.</summary>
    public abstract Tensor Apply(Tensor input, Tensor weight);

    /// <summary>Writes its nodes.</summary>
    /// <param name="graph">The graph under construction.</param>
    /// <param name="input">The name of the input.</param>
    /// <param name="weight">The name of the weights, W or what is made of it.</param>
    /// <param name="path">Where it stands in the network.</param>
    public abstract string WriteOnnx(OnnxGraph graph, string input, string weight, string path);

    /// <summary>Writes its nodes with W itself.</summary>
    public string WriteOnnx(OnnxGraph graph, string input, string path) => WriteOnnx(graph, input, graph.Constant($"{path}.weight", Weight), path);
}
