namespace Microsoft.ML.GradientStability.Tests.Options;

[TestClass]
public sealed class DescribeTests
{
    [TestMethod]
    public void Every_option_that_decides_a_model_has_its_line()
    {
        var options = new DeepNetworkMulticlassTrainer.Options();
        var lines = options.Describe().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        CollectionAssert.AreEquivalent(System.Text.Json.Nodes.JsonNode.Parse(options.ToJson())!.AsObject().Select(o => o.Key).Where(k => k != "$type").ToArray(),
            lines.Select(line => line.Split(' ')[0]).ToArray());
        Assert.DoesNotContain("(default", options.Describe());
    }

    [TestMethod]
    public void What_is_not_the_default_names_it_and_conflicts_stand_below()
    {
        var options = new DeepNetworkMulticlassTrainer.Options { Clipping = GradientClipper.None, Network = Network.FeedForward(8) with { Activation = Activation.Selu } };
        Assert.MatchesRegex(@"(?m)^Clipping +None  \(default Norm\(1\)\)\r?$", options.Describe());
        Assert.IsNotEmpty(options.Conflicts());
        foreach (var conflict in options.Conflicts())
            Assert.Contains($"{conflict.Severity}: {conflict}", options.Describe());
    }
}
