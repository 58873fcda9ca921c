using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Tests.Export;

/// <summary>Files whose matrices are half or a quarter as large, and how far they then agree.</summary>
[TestClass]
public sealed class PrecisionTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_train = s_ml.Data.LoadFromEnumerable(RawRow.Many(150, seed: 1));
    private static readonly IDataView s_held = s_ml.Data.LoadFromEnumerable(RawRow.Many(150, seed: 2));
    private static ITransformer s_model = null!;
    private readonly string _file = Path.GetTempFileName();

    [ClassInitialize]
    public static void Train(TestContext _) => s_model = s_ml.Transforms.Categorical.OneHotEncoding("CityFlags", "City").Append(s_ml.Transforms.Concatenate("Features", "CityFlags", "Size", "Signal"))
        .Append(s_ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Network = Network.FeedForward(256, 256), Epochs = 10 }))
        .Append(s_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(s_train);

    [TestCleanup]
    public void Remove() => File.Delete(_file);

    [TestMethod]
    [DataRow(OnnxPrecision.Half, 0.6, 5e-3)]
    [DataRow(OnnxPrecision.Int8, 0.5, 5e-2)]
    public void Matrices_are_smaller_and_the_report_says_what_that_costs(OnnxPrecision precision, double size, double difference)
    {
        var report = s_ml.Model.SaveAsOnnx(s_model, s_held, _file, new OnnxExportOptions { Precision = precision });
        Assert.AreEqual(precision, report.Precision);
        Assert.AreEqual(new FileInfo(_file).Length, report.FileSize);
        Assert.IsLessThan(size * report.SingleFileSize, report.FileSize);
        var score = report.Outputs.Single(output => output.Name == "Score");
        Assert.IsLessThan(difference, score.GreatestDifference);
        Assert.IsGreaterThan(1e-5, score.GreatestDifference, "the numbers are others");
        Assert.IsGreaterThan(0.98, report.Outputs.Single(output => output.Name == "PredictedLabel").Agreement);
        StringAssert.Contains(report.ToString(), $"in {precision}, {report.SingleFileSize} in Single");
    }

    /// <summary>A row by itself scores as it does among others, and beside a row that is no number.</summary>
    [TestMethod]
    [DataRow(OnnxPrecision.Half)]
    [DataRow(OnnxPrecision.Int8)]
    public void No_row_changes_the_score_of_another(OnnxPrecision precision)
    {
        s_ml.Model.SaveAsOnnx(s_model, s_held, _file, new OnnxExportOptions { Precision = precision });
        using var session = new InferenceSession(_file);
        var rows = RawRow.Many(20, seed: 3);
        rows[7].Size = float.NaN;
        rows[9].Size = 1e30f;
        var together = Scores(rows);
        for (var row = 0; row < rows.Length; row++)
            EveryTask.AreClose(Scores([rows[row]]), together[(3 * row)..(3 * row + 3)], 1e-6);
        Assert.IsTrue(together[21..24].All(float.IsNaN));

        float[] Scores(RawRow[] some)
        {
            using var given = session.Run(RawRow.Feed(session, some), ["Score"]);
            return [.. given[0].AsTensor<float>()];
        }
    }

    [TestMethod]
    public void A_tolerance_that_the_numbers_do_not_meet_names_the_first_node()
    {
        var error = Assert.ThrowsExactly<NotSupportedException>(() => s_ml.Model.SaveAsOnnx(s_model, s_held, _file, new OnnxExportOptions { Precision = OnnxPrecision.Int8, Tolerance = 1e-6 }));
        StringAssert.Contains(error.Message, "The first node that differs is 'network/hidden1");
        Assert.AreEqual(0, new FileInfo(_file).Length);
    }

    [TestMethod]
    [DataRow(OnnxPrecision.Half)]
    [DataRow(OnnxPrecision.Int8)]
    public void A_file_in_other_numbers_scores_again_and_is_no_beginning_for_training(OnnxPrecision precision)
    {
        s_ml.Model.SaveAsOnnx(s_model, s_held, _file, new OnnxExportOptions { Precision = precision });
        var loaded = s_ml.Model.LoadFromOnnx(_file);
        Assert.AreEqual(150, loaded.Transform(s_held).GetColumn<string>("PredictedLabel").Count());
        var keyed = s_ml.Transforms.Conversion.MapValueToKey("Label").Append(s_ml.Transforms.Categorical.OneHotEncoding("CityFlags", "City"))
            .Append(s_ml.Transforms.Concatenate("Features", "CityFlags", "Size", "Signal")).Fit(s_train).Transform(s_train);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => s_ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Network = Network.FeedForward(256, 256) }).Fit(keyed, loaded));
        StringAssert.Contains(error.Message, $"its weights were written in {precision}");
        ((IDisposable)loaded).Dispose();
    }
}
