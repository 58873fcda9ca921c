namespace Microsoft.ML.GradientStability;

/// <summary>
/// Names the class that makes the formatters of a type. .NET Interactive knows it by its name alone, whichever assembly declares it, so that a
/// library needs none of its packages.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>What a front end that shows several is to prefer.</summary>
    public string[] PreferredMimeTypes { get; set; } = ["text/html"];
}
