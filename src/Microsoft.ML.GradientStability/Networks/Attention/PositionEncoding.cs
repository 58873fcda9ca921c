using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// How a network of attention, which by itself sees a set, knows the order of steps. One sealed record a form; the static members name them.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(LearnedPositions), "Learned")]
[JsonDerivedType(typeof(SinusoidalPositions), "Sinusoidal")]
[JsonDerivedType(typeof(NoPositions), "None")]
public abstract record PositionEncoding
{
    private protected PositionEncoding() { }

    /// <summary>A vector for every step is learned and added to it.</summary>
    public static LearnedPositions Learned { get; } = new();

    /// <summary>Sines and cosines of many wavelengths are added to every step.</summary>
    public static SinusoidalPositions Sinusoidal { get; } = new();

    /// <summary>Nothing: what a row gives does not depend on the order of its steps, unless attention is causal.</summary>
    public static NoPositions None { get; } = new();

    /// <summary>What adds them; <see langword="null"/> for nothing.</summary>
    /// <param name="shape">Of a row.</param>
    /// <param name="width">Of a step.</param>
    /// <param name="origin">What they are drawn from.</param>
    internal abstract NetworkPart? CreatePart(InputShape shape, int width, in Origin origin);

    /// <summary>Adds a table (steps × width) to steps, of which there may be fewer.</summary>
    private protected static string WriteAdd(OnnxGraph graph, string input, string table, bool varies, string path) =>
        graph.Add("Add", [input, varies ? FirstSteps.Write(graph, table, [0], input, $"{path}.here") : table], path);

    /// <summary>The form's name.</summary>
    public sealed override string ToString() => this is NoPositions ? nameof(None) : GetType().Name.Replace("Positions", "");
}
