namespace Microsoft.ML.GradientStability.Tests.Export;

/// <summary>Scores have the precision of a Single, which is relative: differences are held against the spread of what they are differences of.</summary>
[TestClass]
public sealed class ParityToleranceTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(1e-20)]
    [DataRow(1e-6)]
    [DataRow(1.0)]
    [DataRow(1e6)]
    [DataRow(1e20)]
    public void Predictions_are_compared_in_their_unit(double unit)
    {
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Number = (float)((row.Number - 20) * unit);
        var data = EveryTask.Load(_ml, rows);
        using var model = EveryTask.Fit(_ml, EveryTask.Regression, data);
        var path = Path.Combine(Directory.CreateTempSubdirectory("parity").FullName, "model.onnx");
        var parity = model.SaveAsOnnx(path, data);
        var mean = rows.Average(r => (double)r.Number);
        var spread = EveryTask.Scores(model, data).Max(score => Math.Abs(score - mean));
        Assert.AreEqual(1e-4 * spread, parity.Tolerance, 1e-6 * spread);
        Assert.IsLessThan(1e-5 * spread, parity.GreatestDifference);
        Assert.IsGreaterThan(0.97, _ml.Regression.Evaluate(model.Transform(data), "Number").RSquared);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    /// <summary>The same disturbance of the same network, in units that differ by 10¹²: found in both, or in neither.</summary>
    [TestMethod]
    [DataRow(1e-6)]
    [DataRow(1e6)]
    public void A_small_unit_is_checked_as_strictly_as_a_large_one(double unit)
    {
        var objective = new RegressionObjective(RegressionLoss.Squared, 5 * unit, unit);
        TorchSharp.torch.manual_seed(1);
        using var module = objective.CreateModule(Network.FeedForward(8), 3, Initializer.HeNormal);
        var graph = new OnnxGraph();
        objective.WriteOnnx(graph, module, graph.Input("Features", 3));
        using var scorer = new OnnxScorer(graph.ToBytes([]), threads: 1);
        Assert.IsTrue(Compare().Holds);
        using (var parameters = new FlatParameters(module))
        {
            var weights = parameters.ToArray();
            weights[^1] += 0.01f;
            parameters.CopyFrom(weights);
        }
        var parity = Compare();
        Assert.IsFalse(parity.Holds, parity.ToString());
        Assert.AreEqual(0.01 * unit, parity.GreatestDifference, 1e-4 * unit);

        OnnxParity Compare()
        {
            using var check = new ParityCheck(module, objective, scorer, 1e-4);
            foreach (var row in EveryTask.Rows(20))
                row.Features.CopyTo(check.NextRow(3));
            return check.Finish();
        }
    }

    /// <summary>An embedding of a hundred and an error of a thousandth: each is held against itself.</summary>
    [TestMethod]
    public void Outputs_of_one_network_have_tolerances_of_their_own()
    {
        var objective = new AutoencoderObjective(new AutoencoderColumns("Embedding", "Error", 2), 3);
        Assert.AreEqual(100, objective.Spread("Embedding", -100, 3));
        Assert.AreEqual(2, objective.Spread("Error", 0, 2));
        Assert.AreEqual(1e-4, objective.Spread("Error", 0, 1e-6), 1e-12);
    }
}
