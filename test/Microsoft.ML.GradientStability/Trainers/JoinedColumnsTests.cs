using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Tests.Training;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>
/// A column that a network reads as a sequence or an image, and numbers and keys beside it. A row is true where the word "good" is said and the number is above 100, or neither; each alone says
/// nothing. An image is bright where there is the word.
/// </summary>
[TestClass]
public sealed class JoinedColumnsTests
{
    private static readonly MLContext s_ml = new(seed: 1);

    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");

    public sealed class Row
    {
        [VectorType(5)]
        public string[] Words { get; set; } = [];

        public string[] Said { get; set; } = [];

        [VectorType(1, 4, 4)]
        public float[] Image { get; set; } = [];

        public float[] Steps { get; set; } = [];

        public float Number { get; set; }

        public string Sort { get; set; } = "";

        public bool Label { get; set; }
    }

    public static IEnumerable<object[]> Columns()
    {
        var recurrent = Network.Recurrent(RecurrentCell.Gru, 8) with { EmbeddingWidth = 8 };
        var attention = Network.Attention(16, 1, 2) with { Positions = PositionEncoding.None };
        foreach (var column in new[] { "Words", "Said", "Steps" })
        {
            yield return [recurrent, column];
            yield return [attention, column];
        }
        yield return [Network.Convolutional(4, 8) with { Normalization = Normalization.None }, "Image"];
    }

    [TestCleanup]
    public void Delete() => File.Delete(_file);

    [TestMethod]
    [DynamicData(nameof(Columns))]
    public void Both_columns_are_learnt_saved_loaded_exported_and_taken_up_again(Network network, string column)
    {
        var data = Data(Rows(300));
        using var model = Fit(network, column, data);
        var fresh = Data(Rows(200, seed: 7));
        Assert.IsGreaterThan(0.9, s_ml.BinaryClassification.Evaluate(model.Transform(fresh)).Accuracy, "both columns");
        var scores = EveryTask.Scores(model, fresh);
        Assert.IsTrue(model.SaveAsOnnx(_file, fresh).Holds);
        EveryTask.AreClose(scores, EveryTask.Scores(s_ml.Model.LoadFromOnnx(_file), fresh), 1e-4);
        EveryTask.IsTakenUp(model, s_ml.Model.LoadFromOnnx(_file));
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        EveryTask.AreClose(scores, EveryTask.Scores(loaded, fresh), 1e-4);
        EveryTask.IsTakenUp(model, loaded);
        Assert.AreEqual(model.Model.Network, DeepNetworkOptions.FromJson(model.Model.Options.ToJson()).Network);
        using var again = Fit(network, column, data);
        CollectionAssert.AreEqual(model.Model.Parameters.ToArray(), again.Model.Parameters.ToArray(), "the same seed");
        using var next = Fit(network, column, data, epochs: 1, previous: loaded);
        CollectionAssert.AreNotEqual(scores, EveryTask.Scores(next, fresh));
    }

    /// <summary>What is learnt above needs the columns beside the other.</summary>
    [TestMethod]
    public void One_column_alone_says_nothing()
    {
        var (network, data, fresh) = (Network.Recurrent(RecurrentCell.Gru, 8) with { EmbeddingWidth = 8 }, Data(Rows(300)), Data(Rows(200, seed: 7)));
        using var alone = s_ml.BinaryClassification.Trainers.DeepNetwork(Options(network, "Words", 30)).Fit(data);
        Assert.IsLessThan(0.65, s_ml.BinaryClassification.Evaluate(alone.Transform(fresh)).Accuracy);
    }

    [TestMethod]
    [DataRow("Words")]
    [DataRow("Image")]
    public void A_whole_pipeline_is_a_file_whose_inputs_are_the_columns(string column)
    {
        var (raw, network) = (s_ml.Data.LoadFromEnumerable(Rows(300)), column == "Image" ? (Network)Network.Convolutional(4, 8) : Network.Recurrent(hidden: 8));
        var options = Options(network, column, 3);
        options.ExtraFeatureColumns = ["Sort", "Number"];
        var model = Keys().Append(s_ml.BinaryClassification.Trainers.DeepNetwork(options)).Fit(raw);
        var report = s_ml.Model.SaveAsOnnx(model, raw, _file, new OnnxExportOptions { OutputColumns = ["Score"] });
        CollectionAssert.AreEquivalent(new[] { column, "Sort", "Number" }, report.Inputs.ToArray());
        EveryTask.AreClose(EveryTask.Scores(model, raw), EveryTask.Scores(s_ml.Model.LoadFromOnnx(_file), raw), 1e-3);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Importance_speaks_of_the_columns(bool isLoaded)
    {
        var data = Data(Rows(300));
        using var model = Fit(Network.Convolutional(4, 8) with { Normalization = Normalization.None }, "Image", data);
        var of = isLoaded ? EveryTask.SaveAndLoad(model, data.Schema) : model;
        var importance = s_ml.BinaryClassification.PermutationFeatureImportanceNonCalibrated(of.GetDeepNetwork(), of.JoinFeatures(data), permutationCount: 1);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 16).Select(slot => $"Image.{slot}").Concat(["Number", "Sort"]).ToArray(), importance.Keys.ToArray());
        Assert.AreEqual("Number", importance.MinBy(column => column.Value.Accuracy.Mean).Key);
    }

    /// <summary>Rows that stream, three numbers beside steps of one, judged by a set of their own.</summary>
    [TestMethod]
    public void Rows_stream_and_are_judged_by_a_set_of_their_own()
    {
        var lines = new List<string>();
        var ml = new MLContext(seed: 1);
        ml.Log += (_, message) => lines.Add(message.RawMessage);
        var options = Options(Network.Recurrent(RecurrentCell.Gru, 8), "Steps", 1);
        (options.ExtraFeatureColumns, options.ValidationSet, options.MemoryBudget) = (["Number", "Sort", "Three"], Three(Rows(200, seed: 7)), 1 << 20);
        using var model = ml.BinaryClassification.Trainers.DeepNetwork(options).Fit(Three(Rows(14_000)));
        Assert.IsGreaterThan(0.9, model.Model.Summary.ValidationAccuracy!.Value);
        Assert.IsEmpty(lines.Where(line => line.Contains("distribution of the training rows")));
        Assert.IsTrue(lines.Any(line => line.Contains("training rows (streamed)")));

        static IDataView Three(Row[] rows)
        {
            var data = Data(rows);
            return s_ml.Transforms.Concatenate("Three", "Number", "Number", "Number").Fit(data).Transform(data);
        }
    }

    [TestMethod]
    public void Rows_of_different_lengths_have_no_slots_to_permute()
    {
        var data = Data(Rows(100));
        using var model = Fit(Network.Recurrent(hidden: 4), "Steps", data, epochs: 1);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => model.JoinFeatures(data)).Message, "'Steps' has rows of different lengths");
    }

    /// <summary>Numbers beside steps are standardized over rows, those of steps over all of their steps.</summary>
    [TestMethod]
    public void Numbers_beside_sequences_are_standardized_by_rows()
    {
        var statistics = new RowStatistics(2, ofSteps: true, before: 1);
        statistics.Add([5, 1, 2, 3], 0, targetsAreClasses: false);
        statistics.Add([9, 6], 0, targetsAreClasses: false);
        Assert.AreEqual(7, statistics.Mean(0), 1e-12);
        Assert.AreEqual(2, statistics.Deviation(0), 1e-12);
        Assert.AreEqual(3, statistics.Mean(1), 1e-12);
        Assert.AreEqual(Math.Sqrt(3.5), statistics.Deviation(1), 1e-12);
        CollectionAssert.AreEqual(new float[] { 5, 5, 5, 9 }, statistics.Sample.Sorted(0), "each with its row");
    }

    [TestMethod]
    public void Findings_and_inspections_name_the_layers()
    {
        var options = Options(Network.Convolutional(4, 8), "Image", 1);
        options.ExtraFeatureColumns = ["Sort", "Number"];
        var titles = s_ml.BinaryClassification.Trainers.DeepNetwork(options).Inspect(Data(Rows(100))).Gradients.Select(gradient => gradient.Layer).ToArray();
        CollectionAssert.Contains(titles, "embedding of Sort (3 × 3)");
        CollectionAssert.Contains(titles, "head 1 (12→64)");
        Assert.AreEqual("output layer (64→1)", titles[^1]);
    }

    private static DeepNetworkTransformer Fit(Network network, string column, IDataView data, int epochs = 30, ITransformer? previous = null)
    {
        var options = Options(network, column, epochs);
        options.ExtraFeatureColumns = ["Sort", "Number"];
        return s_ml.BinaryClassification.Trainers.DeepNetwork(options).Fit(data, previous);
    }

    private static DeepNetworkBinaryTrainer.Options Options(Network network, string column, int epochs) => new()
    {
        Network = network, FeatureColumnName = column, Optimizer = Optimizer.Adam(0.01), Epochs = epochs, BatchSize = 20, Seed = 3, Stability = StabilityPolicy.Warn,
    };

    private static IDataView Data(IEnumerable<Row> rows)
    {
        var data = s_ml.Data.LoadFromEnumerable(rows);
        return Keys().Fit(s_ml.Data.LoadFromEnumerable(Rows(300))).Transform(data);
    }

    private static EstimatorChain<ValueToKeyMappingTransformer> Keys() => s_ml.Transforms.Conversion.MapValueToKey("Words")
        .Append(s_ml.Transforms.Conversion.MapValueToKey("Said")).Append(s_ml.Transforms.Conversion.MapValueToKey("Sort"));

    public static Row[] Rows(int count, int seed = 5)
    {
        var random = new Random(seed);
        string[] words = ["the", "film", "is", "long", "short"];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (isGood, isMuch) = (random.Next(2) == 0, random.Next(2) == 0);
            string[] said = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => words[random.Next(words.Length)])];
            if (isGood)
                said[random.Next(said.Length)] = "good";
            return new Row
            {
                Said = said,
                Words = [.. said, .. Enumerable.Repeat("", 5 - said.Length)],
                Image = [.. Enumerable.Range(0, 16).Select(_ => (isGood ? 1f : 0) + random.NextSingle())],
                Steps = [.. said.Select(word => (word == "good" ? 3f : 0) + random.NextSingle())],
                Number = (isMuch ? 120 : 20) + 60 * random.NextSingle(),
                Sort = random.Next(3).ToString(),
                Label = isGood == isMuch,
            };
        })];
    }
}
