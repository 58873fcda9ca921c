using System.Reflection;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Marks what shows itself in a notebook. .NET Interactive knows the attribute by its name alone, whichever assembly declares it, and asks it for the
/// class that makes the formatters: that of the package Microsoft.ML.GradientStability.Reports where the notebook has it, one
/// without any otherwise. Neither package refers to anything of .NET Interactive.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute : Attribute
{
    private const string Reports = "Microsoft.ML.GradientStability.Reports", Source = "Microsoft.ML.GradientStability.NotebookFormatterSource";

    public Type FormatterSourceType => AppDomain.CurrentDomain.GetAssemblies().Where(assembly => assembly.GetName().Name == Reports).Append(Load())
        .Select(assembly => assembly?.GetType(Source)).FirstOrDefault(source => source is not null && source.IsAssignableTo(typeof(IFormatterSource))) ?? typeof(Nothing);

    /// <summary>What a front end that shows several is to prefer.</summary>
    public string[] PreferredMimeTypes { get; } = ["text/html"];

    /// <summary>The package may be referred to and not have been needed yet.</summary>
    private static Assembly? Load()
    {
        var own = typeof(TypeFormatterSourceAttribute).Assembly.GetName();
        try
        {
            return Assembly.Load(new AssemblyName($"{Reports}, Version={own.Version}, Culture=neutral, PublicKeyToken=null"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed class Nothing : IFormatterSource
    {
        public IEnumerable<object> CreateTypeFormatters() => [];
    }
}

/// <summary>Called by .NET Interactive by name. A process may hold several notebooks with an assembly each: this tells which belong together.</summary>
internal interface IFormatterSource
{
    /// <summary>Objects with a <c>MimeType</c> and a <c>Format(object, TextWriter)</c>.</summary>
    IEnumerable<object> CreateTypeFormatters();
}
