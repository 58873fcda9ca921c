using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What rescales the signal of a hidden layer, before its activation or after it
/// (<see cref="FeedForwardNetwork.NormalizeAfterActivation"/>). One sealed record a method; the static members name them.
/// Keeps the shape (batch × units, or batch × channels × positions …).
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(NoNormalization), "None")]
[JsonDerivedType(typeof(LayerNormalization), "Layer")]
[JsonDerivedType(typeof(BatchNormalization), "Batch")]
[JsonDerivedType(typeof(GroupNormalization), "Group")]
[JsonDerivedType(typeof(InstanceNormalization), "Instance")]
[JsonDerivedType(typeof(RmsNormalization), "Rms")]
public abstract record Normalization
{
    private protected Normalization() { }

    /// <summary>Nothing: the scale of the signal is left to the initial weights.</summary>
    public static NoNormalization None { get; } = new();

    /// <summary>Every row to mean 0 and variance 1 over the units of the layer; independent of the batch.</summary>
    public static LayerNormalization Layer { get; } = new();

    /// <summary>Every unit to mean 0 and variance 1 over the rows of the batch.</summary>
    public static BatchNormalization Batch { get; } = new();

    /// <summary>Every row to mean 0 and variance 1 over each group of neighbouring units.</summary>
    /// <param name="groups">Groups a layer, at least 1, a divisor of its units that leaves 3 or more a group. Default 8.</param>
    public static GroupNormalization Group(int groups = 8) => new() { Groups = groups };

    /// <summary>Every channel of a row to mean 0 and variance 1 over its positions, the units being channels × positions.</summary>
    /// <param name="channels">Channels a layer, at least 1, a divisor of its units that leaves 3 or more positions. Default 1.</param>
    public static InstanceNormalization Instance(int channels = 1) => new() { Channels = channels };

    /// <summary>Every row to root mean square 1 over the units of the layer; layer normalization without the mean.</summary>
    public static RmsNormalization Rms { get; } = new();

    /// <summary>Whether a number that is added to a unit in every row has no effect on what comes out.</summary>
    internal virtual bool RemovesBias => false;

    /// <summary>Why it cannot normalize a layer of so many units; <see langword="null"/> where it can.</summary>
    internal virtual string? Objection(int units) => null;

    /// <summary>Why so few numbers tell nothing once they have mean 0 and variance 1; <see langword="null"/> where they are enough.</summary>
    internal static string? TooFew(int numbers) => numbers switch
    {
        1 => "a single number less its mean is 0",
        2 => "two numbers become −1 and 1 whatever they were",
        _ => null,
    };

    /// <summary>The module for a layer of so many units; <see langword="null"/> for none.</summary>
    internal abstract nn.Module<Tensor, Tensor>? CreateModule(int units);

    /// <summary>The module written out for a layer of so many units; <see langword="null"/> where it is not.</summary>
    internal virtual Pass? WriteOut(nn.Module<Tensor, Tensor> module, int units) => null;

    /// <summary>The module for images or signals of so many channels; <see langword="null"/> for none.</summary>
    internal virtual nn.Module<Tensor, Tensor>? CreateModuleOfChannels(int channels) => CreateModule(channels);

    /// <summary>Writes the nodes of <paramref name="module"/> as it computes in evaluation mode.</summary>
    internal abstract string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name);

    /// <summary>The numbers that make this one of its kind.</summary>
    private protected virtual string Parameters => "";

    /// <summary>The method's name, with its parameters.</summary>
    public sealed override string ToString()
    {
        var name = this is NoNormalization ? nameof(None) : GetType().Name.Replace(nameof(Normalization), "");
        return Parameters.Length == 0 ? name : $"{name}({Parameters})";
    }
}
