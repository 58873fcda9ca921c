using System.Text.Json;

namespace Microsoft.ML.GradientStability.Notebooks.Tests;

/// <summary>Runs the notebook of its argument, and writes the outputs of its cells as JSON.</summary>
internal static class Program
{
    public static async Task Main(string[] arguments)
    {
        var output = Console.Out;
        var outputs = await NotebookRun.Run(new Notebook(Path.GetFullPath(arguments[0])));
        output.Write(JsonSerializer.Serialize(outputs));
    }
}
