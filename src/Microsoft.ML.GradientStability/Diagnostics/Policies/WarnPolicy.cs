using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>Reports and goes on. An epoch in which no step could be taken still ends training: nothing would ever change.</summary>
public sealed record WarnPolicy : StabilityPolicy
{
    [JsonConstructor]
    internal WarnPolicy() { }

    internal override bool Ends(Finding finding) => false;
}
