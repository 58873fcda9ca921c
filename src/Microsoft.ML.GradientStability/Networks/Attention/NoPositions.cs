using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>Steps do not know where they stand (Vaswani et al. 2017 without their encoding).</summary>
public sealed record NoPositions : PositionEncoding
{
    [JsonConstructor]
    internal NoPositions() { }

    internal override NetworkPart? CreatePart(InputShape shape, int width, in Origin origin) => null;
}
