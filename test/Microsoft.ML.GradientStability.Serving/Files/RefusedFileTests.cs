using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.GradientStability.Serving.Tests.Files;

[TestClass]
public sealed class RefusedFileTests
{
    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    private static IEnumerable<object[]> Files()
    {
        var good = TestModels.Classifier().ToBytes();
        yield return ["nothing", Array.Empty<byte>(), "it is empty"];
        yield return ["text", "%PDF-1.7 is another kind of file, and a long one too"u8.ToArray(), "damaged, or no ONNX file"];
        yield return ["a zip", new byte[] { 0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0 }, "damaged, or no ONNX file"];
        yield return ["zeros", new byte[4096], "damaged, or no ONNX file"];
        yield return ["half a file", good[..(good.Length / 2)], "damaged, or no ONNX file"];
        yield return ["a message without a graph", new Proto().Add(1, 8).ToBytes(), "it holds no graph"];
        yield return ["a graph without nodes", new Proto().Add(1, 8).Add(7, new Proto().Add(2, "g")).ToBytes(), "ONNX Runtime refuses it"];
        yield return ["an unknown operation", new OnnxFile().Input("x", TensorElementType.Float, -1, 1).Node("Teleport", "x", "y").Output("y", TensorElementType.Float, -1, 1).ToBytes(), "Teleport"];
        yield return ["shapes that do not fit", new OnnxFile().Input("x", TensorElementType.Float, -1, 3).Constant("w", [1f, 2], 2, 1).Node("MatMul", "x w", "y").Output("y", TensorElementType.Float, -1, 1).ToBytes(), "ONNX Runtime refuses it"];
        yield return ["a constant shorter than its shape", new OnnxFile().Input("x", TensorElementType.Float, -1, 1).Constant("w", [1f], 1, 1 << 20).Node("MatMul", "x w", "y").Output("y", TensorElementType.Float, -1, 1 << 20).ToBytes(), "ONNX Runtime refuses it"];
        yield return ["half precision", new OnnxFile().Input("x", TensorElementType.Float16, -1, 2).Node("Identity", "x", "y").Output("y", TensorElementType.Float16, -1, 2).ToBytes(), "its input 'x' is a tensor of Float16, which is not served"];
        yield return ["half precision out", new OnnxFile().Input("x", TensorElementType.Float, -1, 2).Node("Cast", "x", "y", ("to", 10L)).Output("y", TensorElementType.Float16, -1, 2).ToBytes(), "its output 'y' is a tensor of Float16, which is not served"];
        yield return ["a free width", new OnnxFile().Input("x", TensorElementType.Float, -1, -2).Node("Identity", "x", "y").Output("y", TensorElementType.Float, -1, -2).ToBytes(), "the shape [-1, -1]"];
        yield return ["a batch of three", new OnnxFile().Input("x", TensorElementType.Float, 3, 2).Node("Identity", "x", "y").Output("y", TensorElementType.Float, 3, 2).ToBytes(), "batches of exactly 3 rows"];
        yield return ["an output for the whole batch", new OnnxFile().Input("x", TensorElementType.Float, -1, 2).Node("ReduceSum", "x", "y", ("keepdims", 0L)).Output("y", TensorElementType.Float).ToBytes(), "the first dimension has to be the batch"];
        yield return ["no inputs", new OnnxFile().Constant("c", [1f], 1, 1).Node("Identity", "c", "y").Output("y", TensorElementType.Float, 1, 1).ToBytes(), "it has no inputs"];
        yield return ["classes that are no names", TestModels.Classifier().Metadata("classes", "{").ToBytes(), "its metadata 'classes' is no JSON array of names"];
        yield return ["a missing value of no input", TestModels.Classifier().Metadata("acceptsMissing", """["Age"]""").ToBytes(), "names 'Age', which is no input of Single or Double"];
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void A_file_that_is_no_model_is_refused_with_its_name_and_the_reason(string what, byte[] bytes, string reason)
    {
        var path = _folder.Write(bytes);
        var refused = Assert.ThrowsExactly<ModelFileException>(() => new OnnxPredictor(path), what);
        StringAssert.Contains(refused.Message, $"Cannot serve '{path}': ");
        StringAssert.Contains(refused.Message, reason);
    }

    [TestMethod]
    public void A_path_without_a_file_and_a_folder_are_refused()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ModelFileException>(() => new OnnxPredictor(_folder["none.onnx"])).Message, "there is no such file");
        StringAssert.Contains(Assert.ThrowsExactly<ModelFileException>(() => new OnnxPredictor(_folder["."])).Message, "it is a folder");
    }

    [TestMethod]
    public void A_file_above_the_limit_is_refused_before_it_is_read()
    {
        // A terabyte that takes no room on the disk: reading it would take forever.
        var path = _folder["huge.onnx"];
        using (var file = File.Create(path))
            file.SetLength(1L << 40);
        StringAssert.Contains(Assert.ThrowsExactly<ModelFileException>(() => new OnnxPredictor(path)).Message, "it has 1,099,511,627,776 bytes, more than MaxFileBytes = 1,073,741,824");

        var model = _folder.Write(TestModels.Classifier());
        var bytes = new FileInfo(model).Length;
        Assert.ThrowsExactly<ModelFileException>(() => new OnnxPredictor(model, new() { MaxFileBytes = bytes - 1 }));
        new OnnxPredictor(model, new() { MaxFileBytes = bytes }).Dispose();
    }

    [TestMethod]
    public async Task A_model_with_a_batch_of_one_is_served_row_by_row()
    {
        var model = new OnnxFile().Input("Features", TensorElementType.Float, 1, 2).Node("ReduceSum", "Features", "Score", ("keepdims", 1L)).Output("Score", TensorElementType.Float, 1, 1);
        await using var predictor = new OnnxPredictor(_folder.Write(model));
        var rows = predictor.Rent(3);
        for (var row = 0; row < 3; row++)
            rows.Values<float>(row, "Features").Fill(row);
        var predictions = await predictor.PredictAsync(rows);
        for (var row = 0; row < 3; row++)
            Assert.AreEqual(2f * row, predictions[row].Score[0]);
    }

    [TestMethod]
    public async Task A_model_of_images_takes_its_values_side_by_side()
    {
        var model = new OnnxFile().Input("Pixels", TensorElementType.Float, -1, 1, 2, 2).Node("Flatten", "Pixels", "Score", ("axis", 1L)).Output("Score", TensorElementType.Float, -1, 4);
        await using var predictor = new OnnxPredictor(_folder.Write(model));
        CollectionAssert.AreEqual(new[] { 1, 2, 2 }, predictor.Schema.Inputs[0].Shape.ToArray());
        PredictorTests.Near([1, 2, 3, 4], (await predictor.PredictAsync([1, 2, 3, 4])));
    }
}
