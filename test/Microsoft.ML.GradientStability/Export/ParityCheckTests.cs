namespace Microsoft.ML.GradientStability.Tests.Export;

[TestClass]
public sealed class ParityCheckTests
{
    private static readonly Objective s_objective = new MulticlassObjective(new UnnamedClassLabels(3), 0, null);

    private static byte[] Write(NetworkModule module)
    {
        var graph = new OnnxGraph();
        s_objective.WriteOnnx(graph, module, graph.Input("Features", 2));
        return graph.ToBytes([]);
    }

    /// <summary>A weight of the module is changed after the file was written: only a row that uses the feature differs.</summary>
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(64, 64)]
    [DataRow(65, 3)]
    [DataRow(200, 130)]
    public void A_difference_is_found_and_its_row_named(int rows, int oddRow)
    {
        using var module = (Network.FeedForward(4) with { Normalization = Normalization.None, Activation = Activation.Tanh })
            .CreateModule(2, 3, Initializer.HeNormal);
        using var scorer = new OnnxScorer(Write(module), threads: 1);
        using (var parameters = new FlatParameters(module))
        {
            var weights = parameters.ToArray();
            weights[0] += 0.5f;
            parameters.CopyFrom(weights);
        }
        using var check = new ParityCheck(module, s_objective, scorer, 1e-4);
        for (var row = 1; row <= rows; row++)
            check.NextRow(2).Fill(row == oddRow ? 1 : 0);
        var parity = check.Finish();
        Assert.AreEqual(rows, parity.Rows);
        Assert.IsFalse(parity.Holds);
        Assert.AreEqual(oddRow, parity.Row);
    }

    [TestMethod]
    public void A_score_that_is_no_number_agrees_with_nothing()
    {
        using var module = Network.FeedForward(4).CreateModule(2, 3, Initializer.HeNormal);
        using var scorer = new OnnxScorer(Write(module), threads: 1);
        using (TorchSharp.torch.no_grad())
            module.parameters().First().fill_(float.NaN);
        using var check = new ParityCheck(module, s_objective, scorer, 1e-4);
        check.NextRow(2).Fill(float.PositiveInfinity);
        check.NextRow(2).Fill(0);
        check.NextRow(2).Fill(1);
        var parity = check.Finish();
        Assert.IsFalse(parity.Holds);
        Assert.AreEqual(2, parity.Row);
    }
}
