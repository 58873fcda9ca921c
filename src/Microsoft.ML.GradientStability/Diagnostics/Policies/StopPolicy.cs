using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>Ends training at the first error, with its explanation.</summary>
public sealed record StopPolicy : StabilityPolicy
{
    [JsonConstructor]
    internal StopPolicy() { }

    internal override bool Ends(Finding finding) => finding.Severity == Severity.Error;
}
