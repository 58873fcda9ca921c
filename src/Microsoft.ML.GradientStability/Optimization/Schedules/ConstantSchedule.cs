using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>Factor 1.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    [JsonConstructor]
    internal ConstantSchedule() { }

    private protected override string Name => "Constant";

    private protected override Course After(Span span) => new Always();

    private sealed class Always : Course
    {
        public override double Factor(long step) => 1;
    }
}
