using System.Reflection;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The cell that runs, and one value below it that can be replaced. .NET Interactive is called by the names of its members, so that the library
/// needs none of its packages.
/// </summary>
internal sealed class NotebookCell
{
    private const string Library = "Microsoft.DotNet.Interactive";

    private readonly object _context;
    private object? _shown;

    private NotebookCell(object context) => _context = context;

    /// <summary>The cell that this code runs in.</summary>
    /// <exception cref="InvalidOperationException">It runs in none.</exception>
    public static NotebookCell Current()
    {
        var library = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == Library);
        var context = library?.GetType($"{Library}.KernelInvocationContext")?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
        return new NotebookCell(context ?? throw new InvalidOperationException(
            "Report.Notebook shows a fit below the cell of a notebook, and this code runs in none. Take Report.Console or Report.Html(path) here."));
    }

    /// <summary>Shows a value, in place of the one before.</summary>
    public void Show(object value)
    {
        if (_shown is null)
            _shown = _context.GetType().Assembly.GetType($"{Library}.KernelInvocationContextExtensions")!
                .GetMethod("Display", [_context.GetType(), typeof(object), typeof(string[])])!.Invoke(null, [_context, value, Array.Empty<string>()]);
        else
            _shown.GetType().GetMethod("Update", [typeof(object)])!.Invoke(_shown, [value]);
    }
}
