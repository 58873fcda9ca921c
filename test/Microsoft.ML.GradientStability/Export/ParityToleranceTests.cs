namespace Microsoft.ML.GradientStability.Tests.Export;

/// <summary>Scores have the precision of a Single, which is relative.</summary>
[TestClass]
public sealed class ParityToleranceTests
{
    [TestMethod]
    public void Predictions_in_a_large_unit_are_compared_in_it()
    {
        var ml = new MLContext(seed: 1);
        var rows = EveryTask.Rows();
        foreach (var row in rows)
            row.Number *= 1e6f;
        var data = EveryTask.Load(ml, rows);
        using var model = EveryTask.Fit(ml, EveryTask.Regression, data);
        var path = Path.Combine(Directory.CreateTempSubdirectory("parity").FullName, "model.onnx");
        var parity = model.SaveAsOnnx(path, data);
        var greatest = EveryTask.Scores(model, data).Max(Math.Abs);
        Assert.AreEqual(1e-4 * greatest, parity.Tolerance, 1e-6 * greatest);
        Assert.IsLessThan(1e-6 * greatest, parity.GreatestDifference);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
