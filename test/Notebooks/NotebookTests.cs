using System.Diagnostics;
using System.Text.Json;

namespace Microsoft.ML.GradientStability.Notebooks.Tests;

/// <summary>
/// Every notebook of docs/notebooks runs from top to bottom, and shows what is kept in it. With the variable WRITE_DOCS set to 1 the outputs are written
/// anew instead.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class NotebookTests
{
    private static readonly string s_folder = Find(AppContext.BaseDirectory);

    public static IEnumerable<object[]> Names => Directory.GetFiles(s_folder, "*.ipynb").Order().Select(path => new object[] { Path.GetFileName(path) });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task A_notebook_runs_and_shows_what_is_kept(string name)
    {
        var notebook = new Notebook(Path.Combine(s_folder, name));
        var outputs = await RunAlone(notebook);
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
            notebook.Keep(outputs);
        else
            Compare(notebook, outputs);
    }

    [TestMethod]
    public void Outputs_that_say_something_else_are_told_apart()
    {
        CellOutput Printed(string text) => new("stream", "text/plain", text);
        CellOutput Page(string html) => new("execute_result", "text/html", html);
        Assert.IsNull(Printed("loss 0.50 after 1.2 s").DifferenceFrom(Printed("loss 0.51 after 7.9 s")));
        Assert.IsNotNull(Printed("loss 0.50").DifferenceFrom(Printed("loss 0.60")));
        Assert.IsNotNull(Printed("1 finding").DifferenceFrom(Printed("no findings")));
        Assert.IsNotNull(Printed("a").DifferenceFrom(Page("a")));
        Assert.IsNull(Page("<b>a</b><svg>1</svg>").DifferenceFrom(Page("<i>a</i><svg>2</svg>")));
        Assert.IsNotNull(Page("<iframe srcdoc=\"&lt;h1&gt;Trained&lt;/h1&gt;\"></iframe>").DifferenceFrom(Page("<iframe srcdoc=\"&lt;h1&gt;Stopped&lt;/h1&gt;\"></iframe>")));
    }

    private static async Task<IReadOnlyList<IReadOnlyList<CellOutput>>> RunAlone(Notebook notebook)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(NotebookTests).Assembly.Location, notebook.Path]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (written, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.AreEqual(0, process.ExitCode, await error);
        return JsonSerializer.Deserialize<CellOutput[][]>(await written)!;
    }

    private static void Compare(Notebook notebook, IReadOnlyList<IReadOnlyList<CellOutput>> outputs)
    {
        for (var cell = 0; cell < outputs.Count; cell++)
        {
            var (now, kept) = (outputs[cell], notebook.Outputs[cell]);
            Assert.HasCount(kept.Count, now, $"outputs of cell {cell + 1}");
            for (var i = 0; i < now.Count; i++)
                Assert.IsNull(now[i].DifferenceFrom(kept[i]), $"cell {cell + 1}");
        }
    }

    private static string Find(string folder) => Path.Combine(folder, "docs", "notebooks") is var notebooks && Directory.Exists(notebooks)
        ? notebooks
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No docs/notebooks above {AppContext.BaseDirectory}."));
}
