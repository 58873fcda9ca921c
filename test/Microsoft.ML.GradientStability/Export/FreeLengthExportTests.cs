using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Tests.Trainers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.GradientStability.Tests.Export;

/// <summary>Whole pipelines whose rows have different lengths, in one file with a free time axis.</summary>
[TestClass]
public sealed class FreeLengthExportTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly JoinedColumnsTests.Row[] s_rows = JoinedColumnsTests.Rows(150);

    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");

    public static IEnumerable<object[]> Networks() => from column in new[] { "Said", "Steps" }
        from network in new Network[] { Network.Recurrent(RecurrentCell.Gru, 8, bidirectional: true), Network.Attention(16, 1, 2) }
        from hasOthers in new[] { false, true }
        select new object[] { column, network, hasOthers };

    [TestCleanup]
    public void Delete() => File.Delete(_file);

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void A_file_scores_rows_of_any_length_as_the_pipeline(string column, Network network, bool hasOthers)
    {
        var data = s_ml.Data.LoadFromEnumerable(s_rows);
        var model = Fit(column, network, hasOthers, data);
        var report = s_ml.Model.SaveAsOnnx(model, data, _file, new OnnxExportOptions { OutputColumns = ["Score"] });
        CollectionAssert.AreEquivalent(hasOthers ? new[] { column, "Number", "Sort" } : [column], report.Inputs.ToArray());
        Assert.IsNull(report.BatchSize);

        using var session = new InferenceSession(_file);
        Assert.AreEqual(-1, session.InputMetadata[column].Dimensions[1]);
        var expected = EveryTask.Scores(model, data);
        // One by one, and so of every length alone.
        for (var row = 0; row < 40; row++)
        {
            var inputs = new List<NamedOnnxValue>
            {
                column == "Said" ? Value(column, s_rows[row].Said) : Value(column, s_rows[row].Steps),
            };
            if (hasOthers)
                inputs.AddRange([Value("Number", [s_rows[row].Number]), Value("Sort", [s_rows[row].Sort])]);
            using var got = session.Run(inputs, ["Score"]);
            Assert.AreEqual(expected[row], got[0].AsTensor<float>().Single(), 1e-4, $"row {row}, {s_rows[row].Said.Length} steps");
        }
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => s_ml.Model.LoadFromOnnx(_file)).Message, "rows of any length");
    }

    [TestMethod]
    public void What_a_file_cannot_give_is_refused_by_its_column()
    {
        var data = s_ml.Data.LoadFromEnumerable(s_rows);
        var model = Fit("Said", Network.Recurrent(hidden: 4), hasOthers: false, data);
        var refusal = Assert.ThrowsExactly<NotSupportedException>(() => s_ml.Model.SaveAsOnnx(model, data, _file, new OnnxExportOptions { OutputColumns = ["Said"] }));
        StringAssert.Contains(refusal.Message, "Column 'Said'");
        StringAssert.Contains(refusal.Message, "a file takes such vectors and gives none");
    }

    private static ITransformer Fit(string column, Network network, bool hasOthers, IDataView data)
    {
        var options = new DeepNetworkBinaryTrainer.Options
        {
            Network = network, FeatureColumnName = column, ExtraFeatureColumns = hasOthers ? ["Number", "Sort"] : [],
            Optimizer = Optimizer.Adam(0.01), Epochs = 3, BatchSize = 20, Seed = 3, Stability = StabilityPolicy.Warn,
        };
        return s_ml.Transforms.Conversion.MapValueToKey("Said").Append(s_ml.Transforms.Conversion.MapValueToKey("Sort"))
            .Append(s_ml.BinaryClassification.Trainers.DeepNetwork(options)).Fit(data);
    }

    private static NamedOnnxValue Value<T>(string name, T[] values) => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, [1, values.Length]));
}
