using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability.Tests.Export;

/// <summary>A file by SaveAsOnnx is a model again: it scores, is saved, tells its options, and training goes on from it.</summary>
[TestClass]
public sealed class LoadFromOnnxTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_train = s_ml.Data.LoadFromEnumerable(RawRow.Many(120, seed: 1));
    private static readonly IDataView s_held = s_ml.Data.LoadFromEnumerable(RawRow.Many(40, seed: 2));
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx-load").FullName;

    private string ModelFile => Path.Combine(_folder, "model.onnx");

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    private static TransformsCatalog T => s_ml.Transforms;

    private static DeepNetworkMulticlassTrainer.Options Classes(string features = "Features") => new() { Network = Network.FeedForward(6), Epochs = 2, BatchSize = 16, FeatureColumnName = features };

    private static DeepNetworkRegressionTrainer.Options Rents(string features = "Features") =>
        new() { Network = Network.FeedForward(5), Epochs = 2, BatchSize = 16, LabelColumnName = "Rent", FeatureColumnName = features };

    private static readonly (string Name, IEstimator<ITransformer> Pipeline)[] s_pipelines =
    [
        ("classes, mapped back", Raw().Append(T.Conversion.MapValueToKey("Label")).Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(Classes())).Append(T.Conversion.MapKeyToValue("PredictedLabel"))),
        ("classes, keys", Raw().Append(T.Conversion.MapValueToKey("Label")).Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(Classes()))),
        ("yes or no", Raw().Append(s_ml.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options { Network = Network.FeedForward(6), Epochs = 2, LabelColumnName = "Sold" }))),
        ("a number", Raw().Append(s_ml.Regression.Trainers.DeepNetwork(Rents()))),
        ("an autoencoder before a number", Raw().Append(T.DeepAutoencoder(new DeepAutoencoderEstimator.Options { EmbeddingSize = 2, Network = Network.FeedForward(4), Epochs = 2 }))
            .Append(s_ml.Regression.Trainers.DeepNetwork(Rents("Embedding")))),
    ];

    public static IEnumerable<object[]> Pipelines() => s_pipelines.Select((pipeline, i) => new object[] { i, pipeline.Name });

    [TestMethod]
    [DynamicData(nameof(Pipelines))]
    public void The_file_of_a_pipeline_is_a_model_again(int index, string name)
    {
        using var model = new Owned(s_pipelines[index].Pipeline.Fit(s_train));
        var report = s_ml.Model.SaveAsOnnx(model.Model, s_train, ModelFile);
        using var loaded = new Owned(s_ml.Model.LoadFromOnnx(ModelFile));
        Same(model.Model, loaded.Model, report.Outputs.Select(output => output.Name), name);

        // Saved as any model, and read by a context that knows nothing of it.
        var zip = Path.Combine(_folder, "model.zip");
        loaded.Model.SaveTo(zip, s_train.Schema);
        using var again = new Owned(new MLContext().Model.LoadFrom(zip, out _));
        Same(model.Model, again.Model, report.Outputs.Select(output => output.Name), name);
        Assert.IsEmpty(model.Model.GetDeepNetworkOptions().DifferencesFrom(loaded.Model.GetDeepNetworkOptions()), name);
    }

    [TestMethod]
    [DynamicData(nameof(Pipelines))]
    public void Training_goes_on_from_every_network_in_the_file_of_a_pipeline(int index, string name)
    {
        using var model = new Owned(s_pipelines[index].Pipeline.Fit(s_train));
        s_ml.Model.SaveAsOnnx(model.Model, s_train, ModelFile);
        using var loaded = new Owned(s_ml.Model.LoadFromOnnx(ModelFile));
        foreach (var network in Networks(model.Model))
            EveryTask.IsTakenUp(network, loaded.Model);
    }

    [TestMethod]
    [DynamicData(nameof(Pipelines))]
    public void Every_training_is_told_by_what_was_loaded_as_by_what_was_fitted(int index, string name)
    {
        using var model = new Owned(s_pipelines[index].Pipeline.Fit(s_train));
        s_ml.Model.SaveAsOnnx(model.Model, s_train, ModelFile);
        using var loaded = new Owned(s_ml.Model.LoadFromOnnx(ModelFile));
        var (expected, ledgers) = (Networks(model.Model).ToArray(), loaded.Model.GetTrainingLedgers());
        Assert.HasCount(expected.Length, ledgers, name);
        Assert.AreEqual(JsonSerializer.Serialize(model.Model.GetTrainingLedgers().Select(l => l.Findings)), JsonSerializer.Serialize(ledgers.Select(l => l.Findings)));
        foreach (var (network, ledger) in expected.Zip(ledgers))
        {
            var summary = network.Model.Summary;
            Assert.AreEqual(typeof(DeepNetworkTransformer).Assembly.GetName().Version!.ToString(3), ledger.LibraryVersion);
            Assert.AreEqual(network.Model.Options.ToJson(), ledger.Options.ToJson());
            Assert.AreEqual((summary.End, summary.Epochs, summary.BestEpoch, summary.Steps, summary.Rows), (ledger.End, ledger.Epochs, ledger.BestEpoch, ledger.Steps, ledger.Rows));
            Assert.AreEqual((summary.Loss, summary.ValidationLoss, summary.ValidationAccuracy, summary.Temperature), (ledger.Loss, ledger.ValidationLoss, ledger.ValidationAccuracy, ledger.Temperature));
            Assert.AreEqual((summary.ClippedShare, summary.SkippedSteps), (ledger.ClippedShare, ledger.SkippedSteps));
            CollectionAssert.AreEqual(summary.Findings.Select(f => (f.Kind, f.Cause, f.LastStep, f.IsOver)).ToArray(), ledger.Findings.Select(f => (f.Kind, f.Cause, f.LastStep, f.IsOver)).ToArray());
            if (ledger.Task == "multiclass classification")
                CollectionAssert.AreEquivalent(new[] { "large", "roman", "small" }, ledger.Classes.ToArray());
            else
                Assert.IsEmpty(ledger.Classes);
        }
    }

    /// <summary>With a limit of 0, that of files which protobuf cannot hold.</summary>
    [TestMethod]
    [DynamicData(nameof(Pipelines))]
    public void Weights_in_a_file_of_their_own_are_a_model_again(int index, string name)
    {
        using var model = new Owned(s_pipelines[index].Pipeline.Append(Wide()).Fit(s_train));
        var report = s_ml.Model.SaveAsOnnx(model.Model, s_train, ModelFile, new OnnxExportOptions { ExternalDataAbove = 0 });
        var data = ModelFile + ".data";
        Assert.AreEqual(new FileInfo(data).Length, report.ExternalDataSize, name);
        Assert.AreEqual(new FileInfo(data).Length + new FileInfo(ModelFile).Length, report.FileSize);
        StringAssert.Contains(report.ToString(), "in a second file");
        using (var session = new InferenceSession(ModelFile))
            CollectionAssert.AreEquivalent(report.Outputs.Select(output => output.Name).ToArray(), session.OutputNames.ToArray());
        using (var loaded = new Owned(s_ml.Model.LoadFromOnnx(ModelFile)))
        {
            Same(model.Model, loaded.Model, report.Outputs.Select(output => output.Name), name);
            EveryTask.IsTakenUp(Networks(model.Model).Last(), loaded.Model);
        }

        var weights = File.ReadAllBytes(data);
        weights[^1] ^= 1;
        File.WriteAllBytes(data, weights);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => s_ml.Model.LoadFromOnnx(ModelFile)).Message, "is damaged, or of another model");
        File.Delete(data);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => s_ml.Model.LoadFromOnnx(ModelFile)).Message, "'model.onnx.data', is not beside it");
        Assert.ThrowsExactly<InvalidDataException>(() => OnnxDigest.Open(File.ReadAllBytes(ModelFile)));
    }

    /// <summary>Whatever the metadata say: a seal tells damage, not malice.</summary>
    [TestMethod]
    [DataRow("../secret")]
    [DataRow("/etc/hostname")]
    [DataRow("no.data")]
    public void Weights_are_looked_for_beside_the_model_alone(string elsewhere)
    {
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(_folder)!, "secret"), [1]);
        File.WriteAllBytes(ModelFile, OnnxFile.Write(new GraphProto { Name = "g" },
            [KeyValuePair.Create(ExternalData.Key, JsonSerializer.Serialize(new { File = elsewhere, Bytes = 1, Sha256 = Convert.ToHexStringLower(SHA256.HashData([1])) }))]));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => s_ml.Model.LoadFromOnnx(ModelFile)).Message, "is not beside it");
    }

    [TestMethod]
    public void A_network_that_no_file_holds_is_refused_before_it_is_made()
    {
        var options = Classes();
        options.Network = Network.FeedForward(40_000, 40_000);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Raw().Append(T.Conversion.MapValueToKey("Label")).Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(options)).Fit(s_train));
        StringAssert.Contains(error.Message, "a matrix of 1,600,000,000 weights");
    }

    /// <summary>A network whose matrices are too large to stay in the file of the model.</summary>
    private static IEstimator<ITransformer> Wide() => T.CopyColumns("RentFeatures", "Features").Append(s_ml.Regression.Trainers.DeepNetwork(
        new DeepNetworkRegressionTrainer.Options { Network = Network.FeedForward(40, 40), Epochs = 1, LabelColumnName = "Rent", FeatureColumnName = "RentFeatures" }));

    [TestMethod]
    [DynamicData(nameof(Pipelines))]
    public void The_file_of_a_network_alone_is_a_model_again(int index, string name)
    {
        using var model = new Owned(s_pipelines[index].Pipeline.Fit(s_train));
        var network = Networks(model.Model).First();
        network.SaveAsOnnx(ModelFile, model.Model.Transform(s_train));
        using var loaded = new Owned(s_ml.Model.LoadFromOnnx(ModelFile));
        var features = Raw().Fit(s_train).Transform(s_held);
        foreach (var column in network.Objective.Columns.Names.Where(column => column != "PredictedLabel"))
            CollectionAssert.AreEqual(Values(network.Transform(features), column), Values(loaded.Model.Transform(features), column), name);
        EveryTask.IsTakenUp(network, loaded.Model);
        Assert.IsNotNull(loaded.Model.GetDeepNetwork());
    }

    [TestMethod]
    public void Keys_of_a_loaded_file_are_evaluated_as_any_others()
    {
        using var model = new Owned(s_pipelines[1].Pipeline.Fit(s_train));
        s_ml.Model.SaveAsOnnx(model.Model, s_train, ModelFile);
        using var loaded = new Owned(s_ml.Model.LoadFromOnnx(ModelFile));
        var keyed = T.Conversion.MapValueToKey("Label").Fit(s_train);
        Assert.AreEqual(
            s_ml.MulticlassClassification.Evaluate(model.Model.Transform(s_held)).MicroAccuracy,
            s_ml.MulticlassClassification.Evaluate(loaded.Model.Transform(keyed.Transform(s_held))).MicroAccuracy);
    }

    [TestMethod]
    public void Files_that_are_damaged_cut_or_of_others_are_refused_and_named()
    {
        using var model = new Owned(s_pipelines[0].Pipeline.Fit(s_train));
        s_ml.Model.SaveAsOnnx(model.Model, s_train, ModelFile);
        var whole = File.ReadAllBytes(ModelFile);
        var random = new Random(1);
        var damaged = Path.Combine(_folder, "damaged.onnx");
        for (var i = 0; i < 300; i++)
        {
            var bytes = whole.ToArray();
            if (i % 3 == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            else if (i % 3 == 1)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            else
                random.NextBytes(bytes.AsSpan(random.Next(bytes.Length - 64), 64));
            File.WriteAllBytes(damaged, bytes);
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => s_ml.Model.LoadFromOnnx(damaged), $"mutant {i}").Message, damaged);
        }

        File.WriteAllBytes(damaged, [.. "PK\u0003\u0004 is another kind of file"u8]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => s_ml.Model.LoadFromOnnx(damaged)).Message, "ApplyOnnxModel");

        // Sealed anew after a change of what it says: who reads it says what is wrong.
        foreach (var (key, value) in ((string, string)[])[("networks", "[1]"), ("outputs", "nothing"), ("outputs", "[]"), ("outputs", """[{"Name":"Other","IsVector":false,"Classes":null}]""")])
        {
            var file = ModelProto.Parser.ParseFrom(whole);
            foreach (var entry in file.MetadataProps.Where(entry => entry.Key == key))
                entry.Value = value;
            file.MetadataProps.RemoveAt(file.MetadataProps.Count - 1);
            File.WriteAllBytes(damaged, OnnxDigest.Seal(Google.Protobuf.MessageExtensions.ToByteArray(file)));
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() =>
            {
                using var loaded = new Owned(s_ml.Model.LoadFromOnnx(damaged));
                loaded.Model.GetDeepNetworkOptions();
            }, value).Message, key == "networks" ? "networks" : damaged);
        }
        Assert.ThrowsExactly<FileNotFoundException>(() => s_ml.Model.LoadFromOnnx(Path.Combine(_folder, "none.onnx")));
    }

    private static IEstimator<ITransformer> Raw() => T.Categorical.OneHotEncoding("CityFlags", "City").Append(T.ReplaceMissingValues("Years", "Age"))
        .Append(T.Concatenate("Features", "CityFlags", "Years", "Size", "Signal"));

    private static IEnumerable<DeepNetworkTransformer> Networks(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Networks) : model is DeepNetworkTransformer network ? [network] : [];

    private static void Same(ITransformer model, ITransformer loaded, IEnumerable<string> columns, string name)
    {
        var (expected, actual) = (model.Transform(s_held), loaded.Transform(s_held));
        foreach (var column in columns)
        {
            Assert.AreEqual(Form(expected.Schema[column].Type), Form(actual.Schema[column].Type), name);
            foreach (var (one, other) in Values(expected, column).Zip(Values(actual, column)))
                if (one is float number)
                    Assert.AreEqual(number, (float)other, 1e-4f * Math.Max(1, Math.Abs(number)), $"{name}: {column}");
                else
                    Assert.AreEqual(one, other, $"{name}: {column}");
        }
    }

    /// <summary>ML.NET's ONNX transformer gives vectors a first dimension of 1.</summary>
    private static string Form(DataViewType type) => type is VectorDataViewType vector ? $"{vector.Size} {vector.ItemType}" : type.ToString()!;

    private static object[] Values(IDataView data, string column) => data.Schema[column].Type switch
    {
        VectorDataViewType => [.. data.GetColumn<float[]>(column).SelectMany(row => row).Cast<object>()],
        TextDataViewType => [.. data.GetColumn<string>(column)],
        BooleanDataViewType => [.. data.GetColumn<bool>(column).Cast<object>()],
        KeyDataViewType => [.. data.GetColumn<uint>(column).Cast<object>()],
        _ => [.. data.GetColumn<float>(column).Cast<object>()],
    };

    /// <summary>A model that is disposed of.</summary>
    private sealed record Owned(ITransformer Model) : IDisposable
    {
        public void Dispose() => (Model as IDisposable)?.Dispose();
    }
}
