namespace Microsoft.ML.GradientStability.Serving;

/// <summary>A file is no model that can be served; the message says which file and why.</summary>
public sealed class ModelFileException : Exception
{
    internal ModelFileException(string reason, Exception? inner = null) : base(reason, inner) { }

    internal ModelFileException(string path, ModelFileException reason) : base($"Cannot serve '{path}': {reason.Message}.", reason.InnerException) { }
}
