using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;

namespace Microsoft.ML.GradientStability.Tests.Export;

/// <summary>One file from raw columns to predictions: ONNX Runtime gives what the pipeline gives, on rows that neither fit nor export saw, or the transform is named.</summary>
[TestClass]
public sealed class PipelineExportTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly RawRow[] s_held = RawRow.Many(150, seed: 2);
    private static readonly IDataView s_train = s_ml.Data.LoadFromEnumerable(RawRow.Many(150, seed: 1));
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-export").FullName;

    private string File => Path.Combine(_folder, "model.onnx");

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    private static TransformsCatalog T => s_ml.Transforms;

    private static readonly TextFeaturizingEstimator.Options s_plainText = new()
    {
        CaseMode = TextNormalizingEstimator.CaseMode.None, KeepDiacritics = true, KeepNumbers = true, KeepPunctuations = true,
    };

    /// <summary>What makes the features of columns, which of these the file then takes, and whether it takes more than one row.</summary>
    private static readonly (string Name, IEstimator<ITransformer> Featurize, string[] Inputs, bool IsBatched)[] s_featurizers =
    [
        ("OneHotEncoding of text", T.Categorical.OneHotEncoding("Features", "City"), ["City"], true),
        ("OneHotEncoding of numbers", T.Categorical.OneHotEncoding("Features", "Floor"), ["Floor"], true),
        ("OneHotHashEncoding of text", T.Categorical.OneHotHashEncoding("Features", "City", numberOfBits: 4), ["City"], true),
        ("OneHotHashEncoding of numbers", T.Categorical.OneHotHashEncoding("Features", "Floor", numberOfBits: 4), ["Floor"], true),
        ("ReplaceMissingValues", T.ReplaceMissingValues("Whole", "Age", MissingValueReplacingEstimator.ReplacementMode.Mean).Append(T.Concatenate("Features", "Whole", "Size")), ["Age", "Size"], true),
        ("IndicateMissingValues", T.IndicateMissingValues("IsMissing", "Age").Append(T.Conversion.ConvertType("Missing", "IsMissing")).Append(T.Concatenate("Features", "Missing", "Size")), ["Age", "Size"], true),
        ("NormalizeMinMax", T.NormalizeMinMax("Features", "Signal"), ["Signal"], true),
        ("NormalizeMeanVariance", T.NormalizeMeanVariance("Features", "Signal"), ["Signal"], true),
        ("NormalizeBinning", T.NormalizeBinning("Features", "Signal", maximumBinCount: 5), ["Signal"], true),
        ("NormalizeBinning in place, not to zero, beside one of a number", T.NormalizeBinning([new("Signal"), new("Level", "Size")], fixZero: false, maximumBinCount: 7).Append(T.Concatenate("Features", "Signal", "Level")), ["Signal", "Size"], true),
        ("NormalizeSupervisedBinning", T.Conversion.MapValueToKey("Kind", "Label").Append(T.NormalizeSupervisedBinning("Level", "Size", labelColumnName: "Kind")).Append(T.Concatenate("Features", "Level", "Size")), ["Size"], true),
        ("MapValueToKey of text", T.Conversion.MapValueToKey("Key", "City").Append(T.Conversion.MapKeyToVector("Number", "Key")).Append(T.Concatenate("Features", "Number", "Size")), ["City", "Size"], true),
        ("MapValueToKey of numbers", T.Conversion.MapValueToKey("Key", "Code").Append(T.Conversion.MapKeyToVector("Number", "Key")).Append(T.Concatenate("Features", "Number", "Size")), ["Code", "Size"], true),
        ("FeaturizeText of plain text", T.Text.FeaturizeText("Features", s_plainText, "Comment"), ["Comment"], false),
        ("several columns", T.Categorical.OneHotEncoding("CityFlags", "City").Append(T.Conversion.ConvertType("PriceNumber", "Price")).Append(T.Conversion.ConvertType("NewNumber", "IsNew"))
            .Append(T.Concatenate("Features", "CityFlags", "Size", "PriceNumber", "NewNumber", "Signal")).Append(T.NormalizeMinMax("Features")), ["City", "Price", "IsNew", "Size", "Signal"], true),
    ];

    public static IEnumerable<object[]> Featurizers() => s_featurizers.Select((featurizer, i) => new object[] { i, featurizer.Name });

    [TestMethod]
    [DynamicData(nameof(Featurizers))]
    public void A_pipeline_scores_in_ONNX_Runtime_as_in_ML_NET(int index, string name)
    {
        var (_, featurize, inputs, isBatched) = s_featurizers[index];
        using var model = featurize.Append(Classifier()).Fit(s_train);
        var report = s_ml.Model.SaveAsOnnx(model, s_train, File);
        CollectionAssert.AreEquivalent(inputs, report.Inputs.ToArray(), name);
        CollectionAssert.AreEquivalent(new[] { "PredictedLabel", "Score" }, report.Outputs.Select(output => output.Name).ToArray(), name);
        Assert.AreEqual(isBatched ? null : 1, report.BatchSize, name);
        Assert.AreEqual(150, report.Rows);
        Agrees(model, report);
    }

    /// <summary>What the converter has no form of, and what it has a wrong one of.</summary>
    private static readonly (string Name, IEstimator<ITransformer> Featurize, string Says)[] s_refused =
    [
        ("FeaturizeText", T.Text.FeaturizeText("Features", "Comment"), "TextFeaturizingEstimator.Transformer (step 1, 'Features') has no form in ONNX"),
        ("a custom mapping", T.CustomMapping<Sized, Twice>((row, twice) => twice.Twofold = 2 * row.Size, null).Append(T.Concatenate("Features", "Twofold", "Size")), "CustomMappingTransformer (step 1, 'Twofold') has no form in ONNX"),
        ("hashes of numbers with gaps", T.Categorical.OneHotHashEncoding("Features", "Age", numberOfBits: 4), "(OneHotEncoder) of OneHotHashEncodingTransformer (step 1, 'Features')"),
    ];

    public static IEnumerable<object[]> Refused() => s_refused.Select((refused, i) => new object[] { i, refused.Name });

    [TestMethod]
    [DynamicData(nameof(Refused))]
    public void What_has_no_true_form_is_refused_by_name(int index, string name)
    {
        var (_, featurize, says) = s_refused[index];
        using var model = featurize.Append(Classifier()).Fit(s_train);
        var error = Assert.ThrowsExactly<NotSupportedException>(() => s_ml.Model.SaveAsOnnx(model, s_train, File), name);
        StringAssert.Contains(error.Message, says);
        StringAssert.Contains(error.Message, "begins behind it");
        Assert.IsEmpty(Directory.GetFiles(_folder));

        // What the message offers works.
        var (from, to) = (error.Message.IndexOf("InputColumns = [\"", StringComparison.Ordinal) + 17, error.Message.IndexOf("\"] begins", StringComparison.Ordinal));
        string[] begin = error.Message[from..to].Split("\", \"");
        var report = s_ml.Model.SaveAsOnnx(model, s_train, File, new OnnxExportOptions { InputColumns = begin });
        CollectionAssert.IsSubsetOf(begin, report.Inputs.ToArray());
    }

    [TestMethod]
    public void A_transform_behind_the_network_that_has_no_form_can_be_left_out()
    {
        using var model = T.NormalizeMinMax("Features", "Signal").Append(Classifier())
            .Append(T.CustomMapping<Scored, Twice>((row, twice) => twice.Twofold = 2 * row.Score.GetValues()[0], null)).Fit(s_train);
        var error = Assert.ThrowsExactly<NotSupportedException>(() => s_ml.Model.SaveAsOnnx(model, s_train, File));
        StringAssert.Contains(error.Message, "What can be written: OutputColumns = [\"Score\", \"PredictedLabel\"] leaves it out; model.SaveAsOnnx");
        Agrees(model, s_ml.Model.SaveAsOnnx(model, s_train, File, new OnnxExportOptions { OutputColumns = ["Score", "PredictedLabel"] }));
    }

    [TestMethod]
    public void An_autoencoder_before_a_classifier_and_two_trainers_in_a_chain_are_one_file()
    {
        var pipeline = T.NormalizeMinMax("Signal")
            .Append(T.DeepAutoencoder(new DeepAutoencoderEstimator.Options { FeatureColumnName = "Signal", EmbeddingSize = 2, Network = Network.FeedForward(4), Epochs = 2 }))
            .Append(s_ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { LabelColumnName = "Rent", FeatureColumnName = "Embedding", Network = Network.FeedForward(4), Epochs = 2 }))
            .Append(T.CopyColumns("RentScore", "Score"))
            .Append(T.Concatenate("Features", "Embedding", "RentScore", "Size"))
            .Append(Classifier());
        using var model = pipeline.Fit(s_train);
        var report = s_ml.Model.SaveAsOnnx(model, s_train, File);
        CollectionAssert.AreEquivalent(new[] { "Signal", "Size" }, report.Inputs.ToArray());
        CollectionAssert.AreEquivalent(new[] { "Embedding", "ReconstructionError", "RentScore", "Features", "PredictedLabel", "Score" }, report.Outputs.Select(output => output.Name).ToArray());
        Agrees(model, report);
    }

    [TestMethod]
    public void Yes_or_no_and_a_number_come_as_their_columns()
    {
        var features = T.Concatenate("Features", "Size", "Signal");
        using var binary = features.Append(s_ml.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options { LabelColumnName = "Sold", Network = Network.FeedForward(4), Epochs = 2 })).Fit(s_train);
        Agrees(binary, s_ml.Model.SaveAsOnnx(binary, s_train, File));
        using var session = new InferenceSession(File);
        Assert.AreEqual(typeof(bool), session.OutputMetadata["PredictedLabel"].ElementType);

        using var regression = features.Append(s_ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { LabelColumnName = "Rent", Network = Network.FeedForward(4), Epochs = 2 })).Fit(s_train);
        Agrees(regression, s_ml.Model.SaveAsOnnx(regression, s_train, File));
    }

    [TestMethod]
    public void A_key_that_is_not_mapped_back_is_the_index_of_a_class_whose_name_the_file_has()
    {
        var trainer = s_ml.MulticlassClassification.Trainers.DeepNetwork(Options());
        using var model = T.Conversion.MapValueToKey("Label").Append(T.CopyColumns("Features", "Signal")).Append(trainer).Fit(s_train);
        var report = s_ml.Model.SaveAsOnnx(model, s_train, File);
        using var session = new InferenceSession(File);
        var classes = JsonSerializer.Deserialize<string[]>(session.ModelMetadata.CustomMetadataMap["classes"])!;
        using var given = session.Run(RawRow.Feed(session, s_held));
        var indexes = given.Single(output => output.Name == "PredictedLabel").AsTensor<long>().ToArray();
        var named = T.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(s_train)).Transform(model.Transform(s_ml.Data.LoadFromEnumerable(s_held)));
        CollectionAssert.AreEqual(named.GetColumn<string>("PredictedLabel").ToArray(), indexes.Select(index => classes[index]).ToArray());
        Assert.AreEqual(1, report.Outputs.Single(output => output.Name == "PredictedLabel").Agreement);
    }

    [TestMethod]
    public void The_file_says_which_inputs_may_be_missing_and_what_it_gives_for_a_few_rows()
    {
        using var model = s_featurizers.Single(f => f.Name == "ReplaceMissingValues").Featurize.Append(Classifier()).Fit(s_train);
        var report = s_ml.Model.SaveAsOnnx(model, s_train, File, new OnnxExportOptions { SelfCheckRows = 3 });
        CollectionAssert.AreEqual(new[] { "Age" }, report.AcceptsMissing.ToArray());
        using var session = new InferenceSession(File);
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.AreEqual("""["Age"]""", metadata["acceptsMissing"]);
        var check = JsonDocument.Parse(metadata["selfcheck"]).RootElement;
        Assert.AreEqual(3, check.GetProperty("inputs").GetProperty("Size").GetArrayLength());
        Assert.AreEqual(3, check.GetProperty("outputs").GetProperty("Score")[0].GetArrayLength());

        s_ml.Model.SaveAsOnnx(model, s_train, File, new OnnxExportOptions { SelfCheckRows = 0 });
        using var without = new InferenceSession(File);
        Assert.IsFalse(without.ModelMetadata.CustomMetadataMap.ContainsKey("selfcheck"));
    }

    /// <summary>ONNX knows no two tensors of one name.</summary>
    [TestMethod]
    public void A_column_that_is_changed_in_place_and_asked_for_has_a_name_of_its_own()
    {
        using var model = T.NormalizeMinMax("Signal").Append(T.NormalizeMinMax("Size")).Append(T.Concatenate("Features", "Signal", "Size")).Append(Classifier()).Fit(s_train);
        var report = s_ml.Model.SaveAsOnnx(model, s_train, File, new OnnxExportOptions { OutputColumns = ["Signal", "Size", "Score"] });
        CollectionAssert.AreEquivalent(new[] { "Signal", "Size" }, report.Inputs.ToArray());
        CollectionAssert.AreEqual(new[] { "Signal.output", "Size.output", "Score" }, report.Outputs.Select(output => output.Name).ToArray());

        // ML.NET's ONNX transformer takes the ending off again: the column is changed in place.
        using var loaded = (IDisposable)s_ml.Model.LoadFromOnnx(File);
        var (expected, actual) = (model.Transform(s_train), ((ITransformer)loaded).Transform(s_train));
        EveryTask.AreClose([.. expected.GetColumn<float[]>("Signal").SelectMany(row => row)], [.. actual.GetColumn<float[]>("Signal").SelectMany(row => row)], 1e-6);
        EveryTask.AreClose([.. expected.GetColumn<float>("Size")], [.. actual.GetColumn<float>("Size")], 1e-6);
    }

    /// <summary>A regression in a unit of its own is held against the spread of its scores in that unit.</summary>
    [TestMethod]
    [DataRow(1e-6f)]
    [DataRow(1e6f)]
    public void Scores_are_compared_in_their_unit(float unit)
    {
        var data = s_ml.Data.LoadFromEnumerable(RawRow.Many(100, seed: 1).Select(row =>
        {
            row.Rent *= unit;
            return row;
        }));
        using var model = T.Concatenate("Features", "Size", "Signal").Append(s_ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { LabelColumnName = "Rent", Network = Network.FeedForward(8), Epochs = 10 })).Fit(data);
        var score = s_ml.Model.SaveAsOnnx(model, data, File).Outputs.Single();
        Assert.IsLessThan(1000 * unit, score.Spread);
        Assert.IsGreaterThan(unit, score.Spread);
        Assert.IsLessThan(1e-4, score.GreatestDifference);
        Assert.IsLessThanOrEqualTo(score.GreatestDifference, score.MeanDifference);
    }

    /// <summary>Every output of the file against the column of the pipeline, on rows that the export did not see.</summary>
    private void Agrees(ITransformer model, OnnxExportReport report)
    {
        var scored = model.Transform(s_ml.Data.LoadFromEnumerable(s_held));
        using var session = new InferenceSession(File);
        RawRow[][] batches = report.BatchSize is { } rows ? [.. s_held.Chunk(rows)] : [s_held];
        var given = batches.Select(batch => session.Run(RawRow.Feed(session, batch))).ToArray();
        foreach (var output in report.Outputs)
        {
            var type = scored.Schema[output.Name].Type;
            var got = given.Select(batch => batch.Single(value => value.Name == output.Name));
            if (type is TextDataViewType)
                CollectionAssert.AreEqual(scored.GetColumn<string>(output.Name).ToArray(), got.SelectMany(value => value.AsTensor<string>()).ToArray(), output.Name);
            else if (type is BooleanDataViewType)
                CollectionAssert.AreEqual(scored.GetColumn<bool>(output.Name).ToArray(), got.SelectMany(value => value.AsTensor<bool>()).ToArray(), output.Name);
            else
                EveryTask.AreClose(
                    type is VectorDataViewType ? [.. scored.GetColumn<float[]>(output.Name).SelectMany(row => row)] : [.. scored.GetColumn<float>(output.Name)],
                    [.. got.SelectMany(value => value.AsTensor<float>())], 1e-4 * output.Spread);
        }
    }

    private static IEstimator<ITransformer> Classifier() => T.Conversion.MapValueToKey("Label")
        .Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(Options()))
        .Append(T.Conversion.MapKeyToValue("PredictedLabel"));

    private static DeepNetworkMulticlassTrainer.Options Options() => new() { Network = Network.FeedForward(6), Epochs = 2, BatchSize = 16 };

    private sealed class Sized
    {
        public float Size { get; set; }
    }

    private sealed class Scored
    {
        [VectorType(3)]
        public VBuffer<float> Score { get; set; }
    }

    private sealed class Twice
    {
        public float Twofold { get; set; }
    }
}
