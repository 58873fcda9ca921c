namespace Microsoft.ML.GradientStability;

/// <summary>Called by .NET Interactive, by name.</summary>
internal sealed class NotebookFormatterSource : IFormatterSource
{
    public IEnumerable<object> CreateTypeFormatters() => [new NotebookFormatter()];
}
