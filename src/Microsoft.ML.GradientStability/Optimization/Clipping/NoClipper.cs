using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>No clipping.</summary>
public sealed record NoClipper : GradientClipper
{
    [JsonConstructor]
    internal NoClipper() { }

    internal override bool BoundsSteps => false;

    internal override State Start(FlatParameters parameters) => new Nothing();

    /// <summary>The method's name.</summary>
    public override string ToString() => "None";

    private sealed class Nothing : State
    {
        public override bool Clip(double norm) => false;
    }
}
