using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.GradientStability.Serving.Tests.Files;

[TestClass]
public sealed class ExternalDataTests
{
    private static readonly long[] s_shape = [2, 1];

    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    private static IEnumerable<object[]> Models()
    {
        var external = OnnxFile.Tensor("w", TensorElementType.Float, s_shape).Add(13, new Proto().Add(1, "location").Add(2, "/etc/passwd"));
        var graph = new Proto().Add(5, external);
        yield return ["beside the file", Head().External("w", "weights.bin", s_shape)];
        yield return ["anywhere", Head().External("w", "/etc/passwd", s_shape)];
        yield return ["above the folder", Head().External("w", "../../weights.bin", s_shape)];
        yield return ["at an address in memory", Head().External("w", "*/_ORT_MEM_ADDR_/*", s_shape)];
        yield return ["in an attribute", Head().Node("Constant", "", "w", ("value", (5, 4, external)))];
        yield return ["in a list of an attribute", Head().Node("Constant", "", "w", ("values", (10, 9, external)))];
        yield return ["in a branch", Head().Node("If", "c", "w", ("then_branch", (6, 5, graph)))];
        yield return ["in a branch of a branch", Head().Node("If", "c", "w", ("then_branch", (11, 10, new Proto().Add(1, new Proto().Add(5, new Proto().Add(6, graph))))))];
        yield return ["in a sparse tensor", Head().Node("Constant", "", "w", ("sparse_value", (22, 11, new Proto().Add(1, external))))];
        yield return ["by its mark alone", Head().Node("Constant", "", "w", ("value", (5, 4, OnnxFile.Tensor("w", TensorElementType.Float, s_shape).Add(14, 1))))];

        static OnnxFile Head() => new OnnxFile().Input("x", TensorElementType.Float, -1, 2).Node("MatMul", "x w", "y").Output("y", TensorElementType.Float, -1, 1);
    }

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Values_outside_of_the_file_are_refused_wherever_they_stand(string where, object model)
    {
        _folder.Write(new byte[8], "weights.bin");
        var refused = Assert.ThrowsExactly<ModelFileException>(() => new OnnxPredictor(_folder.Write((OnnxFile)model)), where);
        StringAssert.Contains(refused.Message, "it keeps tensors in other files (external data), which is refused");
    }

    [TestMethod]
    public void A_function_and_training_information_are_looked_through_as_well()
    {
        var external = OnnxFile.Tensor("w", TensorElementType.Float, s_shape).Add(14, 1);
        var good = TestModels.Classifier().ToBytes();
        var function = new Proto().Add(25, new Proto().Add(7, new Proto().Add(5, new Proto().Add(5, external))));
        var training = new Proto().Add(20, new Proto().Add(1, new Proto().Add(5, external)));
        foreach (var more in (Proto[])[function, training])
            StringAssert.Contains(Assert.ThrowsExactly<ModelFileException>(() => new OnnxPredictor(_folder.Write([.. good, .. more.ToBytes()]))).Message, "external data");
    }

    [TestMethod]
    public void A_file_that_is_nested_without_end_is_refused()
    {
        var graph = new Proto();
        for (var i = 0; i < 200; i++)
            graph = new Proto().Add(1, new Proto().Add(5, new Proto().Add(6, graph)));
        StringAssert.Contains(Assert.ThrowsExactly<ModelFileException>(() => new OnnxPredictor(_folder.Write(new Proto().Add(7, graph).ToBytes()))).Message, "nested more than 100 messages deep");
    }
}
