using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

namespace Microsoft.ML.GradientStability.Tests.Reports;

[TestClass]
public sealed class NotebookTests
{
    /// <summary>In the C# kernel of notebooks itself, which knows nothing of this library.</summary>
    [TestMethod]
    public async Task A_report_is_shown_as_the_value_of_a_cell()
    {
        using var model = Fits.Run(Fits.Healthy());
        using var kernel = new CSharpKernel();
        kernel.AddAssemblyReferences([typeof(TrainingReport).Assembly.Location, typeof(TrainingCurves).Assembly.Location]);
        await kernel.SetValueAsync("report", model.Model.Report, typeof(TrainingReport));
        var result = await kernel.SendAsync(new SubmitCode("report"));
        var shown = result.Events.OfType<ReturnValueProduced>().Single().FormattedValues.Single();
        Assert.AreEqual("text/html", shown.MimeType);
        Assert.StartsWith("<iframe title=\"Training report\"", shown.Value);
        Assert.Contains(System.Net.WebUtility.HtmlEncode("<h1>Trained 10 epochs, no findings</h1>"), shown.Value);
    }

    [TestMethod]
    public async Task A_running_fit_is_shown_below_its_cell_and_replaced_in_place()
    {
        using var kernel = new CSharpKernel();
        kernel.AddAssemblyReferences([typeof(TrainingReport).Assembly.Location, typeof(TrainingCurves).Assembly.Location, typeof(MLContext).Assembly.Location]);
        await kernel.SetValueAsync("fit", () => Fits.Run(Fits.Healthy(Report.Notebook)).Dispose(), typeof(Action));
        var result = await kernel.SendAsync(new SubmitCode("fit();"));
        Assert.IsEmpty(result.Events.OfType<CommandFailed>().Select(failed => failed.Message));
        var first = result.Events.OfType<DisplayedValueProduced>().Single();
        Assert.Contains("Training: epoch 0 of 10", first.FormattedValues.Single().Value);
        var last = result.Events.OfType<DisplayedValueUpdated>().Last();
        Assert.AreEqual(first.ValueId, last.ValueId);
        Assert.Contains("Trained 10 epochs, no findings", last.FormattedValues.Single().Value);
    }

    [TestMethod]
    public void Outside_of_a_notebook_the_error_says_what_to_take() =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Fits.Run(Fits.Healthy(Report.Notebook))).Message, "Report.Html(path)");
}
