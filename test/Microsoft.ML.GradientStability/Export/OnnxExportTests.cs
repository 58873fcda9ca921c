using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.OnnxProto;
using Microsoft.ML.GradientStability.Tests.Networks;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.GradientStability.Tests.Export;

[TestClass]
public sealed class OnnxExportTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx-export").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(GradientTests.Networks), typeof(GradientTests))]
    public void Every_kind_of_layer_scores_in_ONNX_Runtime_as_in_LibTorch(Network network)
    {
        var options = Samples.Small();
        options.Network = (FeedForwardNetwork)network with { Dropout = 0.2 };
        options.Epochs = 3;
        options.Stability = StabilityPolicy.Warn;
        var data = Samples.KeyedClusters(_ml);
        using var model = _ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data);
        var parity = model.SaveAsOnnx(Path.Combine(_folder, "model.onnx"), data);
        Assert.AreEqual(150, parity.Rows);
        Assert.IsLessThan(1e-5, parity.GreatestDifference);
    }

    [TestMethod]
    public void The_file_has_opset_17_a_dynamic_batch_and_tells_of_its_training()
    {
        using var model = Fit(out var data);
        var path = Path.Combine(_folder, "model.onnx");
        model.SaveAsOnnx(path, data);

        var file = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        Assert.AreEqual(17, file.OpsetImport.Single().Version);
        foreach (var value in file.Graph.Input.Concat(file.Graph.Output))
            Assert.AreEqual("batch", value.Type.TensorType.Shape.Dim[0].DimParam);
        var metadata = file.MetadataProps.ToDictionary(p => p.Key, p => p.Value);
        CollectionAssert.AreEqual(new[] { "red", "green", "blue" }, JsonSerializer.Deserialize<string[]>(metadata["classes"]));
        Assert.IsEmpty(model.Model.Options.DifferencesFrom(DeepNetworkOptions.FromJson(metadata["options"])));
        Assert.AreEqual(10, JsonDocument.Parse(metadata["training"]).RootElement.GetProperty("epochs").GetInt32());

        using var session = new InferenceSession(path);
        foreach (var rows in new[] { 1, 7 })
        {
            using var input = OrtValue.CreateTensorValueFromMemory(new float[rows * 2], [rows, 2]);
            using var run = new RunOptions();
            using var outputs = session.Run(run, ["Features"], [input], ["Score", "PredictedLabel"]);
            CollectionAssert.AreEqual(new long[] { rows, 3 }, outputs[0].GetTensorTypeAndShape().Shape);
            CollectionAssert.AreEqual(new long[] { rows, 1 }, outputs[1].GetTensorTypeAndShape().Shape);
        }
    }

    [TestMethod]
    public void A_pipeline_is_searched_and_its_rows_are_prepared_on_the_way()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(_ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()))
            .Append(_ml.Transforms.DropColumns("Features"));
        var data = _ml.Data.LoadFromEnumerable(Samples.Clusters());
        using var model = pipeline.Fit(data);
        var parity = model.SaveAsOnnx(Path.Combine(_folder, "model.onnx"), data);
        Assert.IsTrue(parity.Holds);
        var greatest = model.Transform(data).GetColumn<float[]>("Score").Max(score => score.Max());
        Assert.AreEqual(1e-4 * greatest, parity.Tolerance, 1e-9, "relative to the greatest probability");
        Assert.AreEqual(150, parity.Rows);
    }

    [TestMethod]
    public void Scores_that_differ_are_not_written_and_what_was_there_stays()
    {
        using var model = Fit(out var data);
        var path = Path.Combine(_folder, "model.onnx");
        File.WriteAllText(path, "before");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => model.SaveAsOnnx(path, data, tolerance: 1e-30));
        StringAssert.Contains(error.Message, "Nothing was written");
        StringAssert.Contains(error.Message, "greatest difference");
        StringAssert.Contains(error.Message, "The first node that differs is '");
        Assert.AreEqual("before", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFiles(_folder));
    }

    /// <summary>A weight of the second layer is another than in the file.</summary>
    [TestMethod]
    public void The_first_part_that_differs_is_named()
    {
        var options = Samples.Small();
        options.Network = Network.FeedForward(4, 4, 4) with { Normalization = Normalization.None };
        using var model = _ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(_ml));
        using var module = model.Model.CreateModule(model.Objective);
        Assert.AreEqual("", PartDifference.Find(model, module, [1, -1], 1e-4));
        using (TorchSharp.torch.no_grad())
            foreach (var (name, parameter) in module.named_parameters())
                if (name == "hidden2.linear.bias")
                    parameter.fill_(100);
        StringAssert.Contains(PartDifference.Find(model, module, [1, -1], 1e-4), "The first node that differs is 'hidden2");
    }

    [TestMethod]
    public void An_existing_file_is_replaced_whole()
    {
        using var model = Fit(out var data);
        var path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, new byte[1 << 20]);
        model.SaveAsOnnx(path, data);
        CollectionAssert.AreEqual(model.Onnx.ToArray(), File.ReadAllBytes(path));
        Assert.HasCount(1, Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void A_path_that_cannot_be_written_is_named_and_nothing_stays_behind()
    {
        using var model = Fit(out var data);
        var missing = Path.Combine(_folder, "missing", "model.onnx");
        var error = Assert.ThrowsExactly<IOException>(() => model.SaveAsOnnx(missing, data));
        StringAssert.Contains(error.Message, missing);
        StringAssert.Contains(error.Message, "Choose a folder that exists");

        var folder = Directory.CreateDirectory(Path.Combine(_folder, "model.onnx")).FullName;
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => model.SaveAsOnnx(folder, data)).Message, folder);
        Assert.IsEmpty(Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void Without_rows_nothing_can_be_compared()
    {
        using var model = Fit(out var data);
        var none = _ml.Data.LoadFromEnumerable(Array.Empty<Samples.Row>());
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => model.SaveAsOnnx(Path.Combine(_folder, "m.onnx"), none));
        StringAssert.Contains(error.Message, "no rows");
        Assert.IsEmpty(Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void A_pipeline_without_a_deep_network_has_nothing_to_export()
    {
        var data = _ml.Data.LoadFromEnumerable(Samples.Clusters());
        ITransformer model = _ml.Transforms.NormalizeMinMax("Features").Fit(data);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => model.SaveAsOnnx(Path.Combine(_folder, "m.onnx"), data));
        StringAssert.Contains(error.Message, "holds no deep network");
    }

    private DeepNetworkTransformer Fit(out IDataView data)
    {
        data = Samples.KeyedClusters(_ml);
        return _ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(data);
    }
}
