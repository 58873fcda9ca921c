using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What a deep network is made of, before it is trained: an immutable description that a trainer turns into TorchSharp modules.
/// Start at <see cref="FeedForward"/> and change what differs with a <see langword="with"/> expression.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(FeedForwardNetwork), "FeedForward")]
public abstract record Network
{
    private protected Network() { }

    /// <summary>Fully connected layers, one after the other; the output layer is added by the trainer.</summary>
    /// <param name="hiddenUnits">Units of each hidden layer, from the input on, each in [1, 65536]; at least one layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">No layer, or a width outside the range.</exception>
    public static FeedForwardNetwork FeedForward(params int[] hiddenUnits) => new() { HiddenUnits = [.. Check.NotNull(hiddenUnits, nameof(hiddenUnits))] };

    /// <summary>Weights in the largest matrix, also of an autoencoder, whose decoder mirrors its encoder.</summary>
    internal abstract long LargestMatrix(int inputs, int outputs);

    /// <summary>
    /// What differs, of two networks, in parts whose first value is an option and whose later ones are learnt, so that a graph does not show it;
    /// <see langword="null"/> for nothing.
    /// </summary>
    internal abstract string? DifferenceFrom(Network previous);

    /// <summary>The same network with what it leaves to the data.</summary>
    /// <param name="rows">Training rows.</param>
    /// <param name="areSparse">Whether they are wide and sparse.</param>
    /// <param name="previous">The network that training goes on from; <see langword="null"/> for none.</param>
    internal abstract Network For(long rows, bool areSparse, Network? previous);

    /// <summary>What its encoding makes of the features; <see langword="null"/> where it leaves them as they are.</summary>
    internal abstract InputCode? Encode(FeatureSample features);

    /// <summary>The same of a file that was written before; by the names of its constants.</summary>
    internal abstract InputCode? ReadCode(int features, Func<string, Array?> constants);

    /// <summary>Builds the modules and sets their weights; <paramref name="code"/> stands between the input and the first layer.</summary>
    internal abstract NetworkModule CreateModule(int inputs, int outputs, in Origin origin, InputCode? code = null);

    /// <summary>The same down to an embedding, and its mirror image back to the inputs.</summary>
    internal abstract NetworkModule CreateAutoencoder(int inputs, int embedding, in Origin origin, InputCode? code = null);
}
