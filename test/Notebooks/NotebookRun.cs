using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

namespace Microsoft.ML.GradientStability.Notebooks.Tests;

/// <summary>The cells of a notebook, run one after the other in the C# kernel of .NET Interactive, in the folder of the notebook as an editor does.</summary>
internal static class NotebookRun
{
    /// <summary>Runs all cells.</summary>
    /// <param name="notebook">Its cells.</param>
    /// <returns>The outputs of each cell.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<CellOutput>>> Run(Notebook notebook)
    {
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Path.GetDirectoryName(notebook.Path)!;
        try
        {
            using var csharp = new CSharpKernel().UseKernelHelpers().UseValueSharing();
            using var kernel = new CompositeKernel { csharp };
            var outputs = new List<IReadOnlyList<CellOutput>>();
            foreach (var code in notebook.Code)
                outputs.Add(Outputs((await kernel.SendAsync(new SubmitCode(code, csharp.Name))).Events, code));
            return outputs;
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static List<CellOutput> Outputs(IEnumerable<KernelEvent> events, string code)
    {
        var outputs = new List<CellOutput>();
        var shown = new Dictionary<string, int>();
        foreach (var happened in events)
            switch (happened)
            {
                case CommandFailed failed:
                    throw new InvalidOperationException($"{failed.Message}\nin the cell\n{code}");
                case StandardOutputValueProduced printed when outputs is [.., { Kind: "stream" } last]:
                    outputs[^1] = last with { Text = last.Text + printed.FormattedValues.Single().Value };
                    break;
                case StandardOutputValueProduced printed:
                    outputs.Add(new CellOutput("stream", "text/plain", printed.FormattedValues.Single().Value));
                    break;
                case DisplayedValueUpdated updated:
                    outputs[shown[updated.ValueId]] = Of("display_data", updated);
                    break;
                case ReturnValueProduced returned:
                    outputs.Add(Of("execute_result", returned));
                    break;
                case DisplayedValueProduced displayed:
                    if (displayed.ValueId is { } id)
                        shown[id] = outputs.Count;
                    outputs.Add(Of("display_data", displayed));
                    break;
            }
        return outputs;
    }

    private static CellOutput Of(string kind, DisplayEvent value) => new(kind, value.FormattedValues.First().MimeType, value.FormattedValues.First().Value);
}
