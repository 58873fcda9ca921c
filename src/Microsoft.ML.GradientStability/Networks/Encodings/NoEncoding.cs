using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>The numbers as they are, standardized where <see cref="TrainingOptions.StandardizeFeatures"/> says so.</summary>
public sealed record NoEncoding : InputEncoding
{
    [JsonConstructor]
    internal NoEncoding() { }

    internal override InputCode? Fit(FeatureSample features) => null;

    internal override InputCode? Read(int features, Func<string, Array?> constants) => null;

    /// <summary>Its name.</summary>
    public override string ToString() => nameof(None);
}
