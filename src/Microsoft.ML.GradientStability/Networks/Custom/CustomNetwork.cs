using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A network that a program describes by TorchSharp modules, in a <c>Sequential</c> of known layers, which are trained, observed and exported as those
/// of any network: <c>Linear</c>, <c>Conv1d</c> and <c>Conv2d</c> of odd kernels with zeros around, <c>LayerNorm</c> of the last dimension, <c>BatchNorm1d</c>
/// and <c>BatchNorm2d</c>, <c>Dropout</c>, <c>Flatten</c>, and activations. Weights start by the trainer's Initializer, so that a seed decides them.
/// </summary>
public sealed record CustomNetwork : Network
{
    private readonly string _name = "custom";

    [JsonConstructor]
    internal CustomNetwork() { }

    /// <summary>What it is called; of the network the one thing that options in a file keep. Default <c>custom</c>.</summary>
    public string Name { get => _name; init => _name = Check.Name(value, nameof(Name)); }

    /// <summary>The image, signal or sequence that its first layer takes. Default <see langword="null"/>: rows of numbers.</summary>
    public InputShape? Input { get; init; }

    internal Func<int, int, nn.Module<Tensor, Tensor>>? Factory { get; init; }

    internal override NetworkTraits Traits => new();

    internal override InputShape? Shape => Input;

    /// <summary>Networks of a name are the same: a file keeps no factory.</summary>
    public bool Equals(CustomNetwork? other) => other is not null && Name == other.Name && Equals(Input, other.Input);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Name, Input);

    /// <summary>Its name, and the shape of its input.</summary>
    public override string ToString() => Input is null ? Name : $"{Name}, {Input}";

    internal override Network With(NetworkTraits traits) => this;

    internal override string? DifferenceFrom(Network previous) => previous is CustomNetwork other && other.Name != Name ? $"it is '{other.Name}', not '{Name}'" : null;

    internal override long LargestMatrix(int inputs, int outputs) => (long)inputs * Math.Max(inputs, outputs);

    internal override Network For(long rows, bool areSparse, ColumnShape column, Network? previous) => Input is null ? this : this with { Input = column.ToImage(Input) };

    internal override NetworkModule CreateModule(int inputs, int outputs, in Origin origin, InputCode? code = null)
    {
        if (Factory is null)
            throw new InvalidOperationException(
                $"The custom network '{Name}' has no factory: a file keeps its name alone. Set Network.Custom with the factory that made it.");
        using var described = Factory(inputs, outputs);
        var parts = new CustomParts(Name, origin).Of(described);
        var module = new NetworkModule(Input is null ? parts : [new Reshape(Input, Input.ChannelsLast), .. parts], features: inputs);
        CustomParts.CheckShape(Name, module, inputs, outputs);
        return module;
    }
}
