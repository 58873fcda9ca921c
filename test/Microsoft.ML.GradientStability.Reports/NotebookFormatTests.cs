using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.ML.GradientStability.Tests.Reports;

/// <summary>What belongs to a fit, as .NET Interactive shows it, found by nothing but an attribute's name.</summary>
[TestClass]
public sealed class NotebookFormatTests
{
    private static readonly DeepNetworkTransformer s_network = Fits.Run(Fits.Healthy());

    private static string Html(object value) => value.ToDisplayString("text/html");

    [TestMethod]
    public void A_network_and_its_model_are_shown_as_the_page()
    {
        foreach (var value in new object[] { s_network, s_network.Model, s_network.Model.Report })
        {
            Assert.AreEqual("text/html", Formatter.GetPreferredMimeTypesFor(value.GetType()).First());
            Assert.StartsWith("<iframe title=\"Training report\"", Html(value));
        }
    }

    [TestMethod]
    public void A_summary_is_shown_as_figures()
    {
        var html = Html(s_network.Model.Summary);
        Assert.Contains("<b>10</b><span>epochs</span>", html);
        Assert.Contains("<span>rows a second</span>", html);
        Assert.Contains("<span>memory at most</span>", html);
        Assert.Contains("<style>@scope {", html);
        Assert.DoesNotContain(":root", html);
        Assert.DoesNotContain("body {", html);
    }

    [TestMethod]
    public void Curves_are_shown_as_pictures() => Assert.Contains("<figcaption>Loss<", Html(s_network.Model.Summary.Curves));

    [TestMethod]
    public void Options_are_shown_by_what_is_not_the_default_and_what_conflicts()
    {
        var options = Fits.Healthy();
        options.Network = Network.FeedForward(8) with { Activation = Activation.Selu };
        var html = Html(options);
        Assert.Contains("<th scope=\"row\">Epochs</th><td>10</td>", html);
        Assert.IsNotEmpty(options.Conflicts());
        Assert.Contains(System.Net.WebUtility.HtmlEncode(options.Conflicts()[0].Reason), html);
    }

    [TestMethod]
    public void A_finding_is_shown_with_its_remedies()
    {
        var finding = Assert.ThrowsExactly<GradientStabilityException>(() => Fits.Run(Fits.Vanishing())).Findings[^1];
        Assert.Contains($"<code>{System.Net.WebUtility.HtmlEncode(finding.Remedies[0].Setting)}</code>", Html(finding));
    }

    [TestMethod]
    public void A_range_test_is_shown_as_a_chart_and_progress_as_its_line()
    {
        var ml = new MLContext(seed: 1);
        var curve = ml.MulticlassClassification.Trainers.DeepNetwork(Fits.Healthy()).FindLearningRate(Fits.Clusters(ml));
        Assert.Contains("<figcaption>Loss by learning rate<", Html(curve));
        Assert.Contains(curve.Suggestion is null ? "No suggestion" : "Suggested rate", Html(curve));
        Assert.StartsWith("<pre>", Html(ml.MulticlassClassification.Trainers.DeepNetwork(Fits.Healthy()).Inspect(Fits.Clusters(ml))));
    }
}
