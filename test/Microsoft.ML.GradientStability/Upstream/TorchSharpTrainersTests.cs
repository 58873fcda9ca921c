extern alias MicrosoftML;

using Microsoft.ML.Data;
using MicrosoftML::Microsoft.ML.TorchSharp;
using static TorchSharp.torch;
using MLP = MicrosoftML::Microsoft.ML.TorchSharp.AutoFormerV2.MLP;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>
/// Microsoft.ML.TorchSharp beside ours: in one program, one chain and one native library. Its trainers download their weights, so they are
/// built and asked, not fitted.
/// </summary>
[TestClass]
public sealed class TorchSharpTrainersTests
{
    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }

        public bool Yes { get; set; }

        public float Similarity { get; set; }

        public string Sentence { get; set; } = "";

        public string Other { get; set; } = "";
    }

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Its_estimators_and_ours_stand_in_one_chain_in_either_order()
    {
        var similarity = _ml.Regression.Trainers.SentenceSimilarity("Similarity", "Alike", "Sentence", "Other");
        var first = similarity
            .Append(_ml.Transforms.Concatenate("Both", "Features", "Alike"))
            .Append(_ml.MulticlassClassification.Trainers.DeepNetwork(featureColumnName: "Both"));
        var shape = first.GetOutputSchema(EveryTask.ShapeOf<Row>()).ToDictionary(column => column.Name);
        Assert.AreEqual(NumberDataViewType.Single, shape["Alike"].ItemType);
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, shape["Score"].Kind);
        Assert.IsTrue(shape["PredictedLabel"].IsKey);

        var last = _ml.BinaryClassification.Trainers.DeepNetwork("Yes")
            .Append(_ml.Transforms.CopyColumns("Certainty", "Probability"))
            .Append(_ml.MulticlassClassification.Trainers.TextClassification(sentence1ColumnName: "Sentence", outputColumnName: "Topic"));
        shape = last.GetOutputSchema(EveryTask.ShapeOf<Row>()).ToDictionary(column => column.Name);
        Assert.AreEqual(NumberDataViewType.Single, shape["Certainty"].ItemType);
        Assert.IsTrue(shape["Topic"].IsKey);
        Assert.AreEqual(BooleanDataViewType.Instance, shape["PredictedLabel"].ItemType);
    }

    /// <summary>A network that its modules and ours compute together, gradients and all.</summary>
    [TestMethod]
    public void One_native_library_serves_both()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var theirs = new MLP(4, 8, 4);
        using var ours = Network.FeedForward(8).CreateModule(4, 3, Initializer.HeUniform);
        var input = randn(5, 2, 4, requires_grad: true);
        ours.forward(theirs.forward(input).flatten(0, 1)).sum().backward();
        Assert.IsGreaterThan(0, input.grad!.abs().sum().item<float>());
        Assert.IsTrue(theirs.parameters().All(parameter => parameter.grad is not null));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Its_bindings_are_loaded_once()
    {
        using (zeros(1))
        {
        }
        var bindings = File.ReadLines("/proc/self/maps").Where(line => line.Contains("LibTorchSharp", StringComparison.Ordinal) && line.Contains(" r-xp ", StringComparison.Ordinal));
        Assert.AreEqual(1, bindings.Count());
    }
}
