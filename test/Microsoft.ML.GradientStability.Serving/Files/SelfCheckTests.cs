namespace Microsoft.ML.GradientStability.Serving.Tests.Files;

[TestClass]
public sealed class SelfCheckTests
{
    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    // The softmax of (ln 2, 0, 0) is 1/2, 1/4, 1/4.
    [DataRow("""{"inputs":{"Features":[[0.6931472,0,0,0],[0,0,9,0]]},"outputs":{"Score":[[0.5,0.25,0.25],[0.0001234,0.0001234,0.9997533]],"PredictedLabel":[0,[2]]}}""")]
    [DataRow("""{"inputs":{"Features":[[0.6931472,0,0,0]]},"outputs":{"Score":[[0.5004,0.25,0.25]]},"tolerance":0.001}""")]
    [DataRow("""{"inputs":{"Features":[["NaN",0,0,0]]},"outputs":{"Score":[["NaN","NaN","NaN"]],"PredictedLabel":[-1]}}""")]
    public void A_file_that_gives_what_it_gave_is_taken(string check) =>
        new OnnxPredictor(_folder.Write(TestModels.Classifier().Metadata("selfcheck", check))).Dispose();

    [TestMethod]
    [DataRow("""{"inputs":{"Features":[[0,9,0,0],[0.6931472,0,0,0]]},"outputs":{"Score":[[0.0001234,0.9997533,0.0001234],[0.5002,0.25,0.25]]}}""", "its self-check fails on CPU: 'Score' of row 1")]
    [DataRow("""{"inputs":{"Features":[[0.6931472,0,0,0]]},"outputs":{"PredictedLabel":[1]}}""", "its self-check fails on CPU: 'PredictedLabel' of row 0")]
    [DataRow("""{"inputs":{"Features":[[0.6931472,0,0,0]]},"outputs":{"Score":[["NaN",0.25,0.25]]}}""", "its self-check fails on CPU: 'Score' of row 0")]
    [DataRow("""{"inputs":{"Features":[[0,0,0]]},"outputs":{}}""", "'Features' has 3 values where the model has Features: Single[4]")]
    [DataRow("""{"inputs":{"Features":[[0,0,0,"x"]]},"outputs":{}}""", "'x' is no number")]
    [DataRow("""{"inputs":{"Features":[[0,0,0,0]]},"outputs":{"Score":[]}}""", "every column must have the same number of rows")]
    [DataRow("""{"inputs":{"Features":[]},"outputs":{}}""", "every column must have the same number of rows, at least one")]
    [DataRow("""{"inputs":{"Age":[1]},"outputs":{}}""", "it has no input 'Features'")]
    [DataRow("""{"inputs":{"Features":[[0,0,0,0]]},"outputs":{"Price":[1]}}""", "the model has no output 'Price'")]
    [DataRow("""{"inputs":{"Features":[[0,0,0,0]]}}""", "its metadata 'selfcheck' cannot be read")]
    [DataRow("null", "its metadata 'selfcheck' cannot be read")]
    [DataRow("rows", "its metadata 'selfcheck' cannot be read")]
    public void A_file_that_gives_something_else_is_refused_with_the_row(string check, string reason)
    {
        var path = _folder.Write(TestModels.Classifier().Metadata("selfcheck", check));
        StringAssert.Contains(Assert.ThrowsExactly<ModelFileException>(() => new OnnxPredictor(path)).Message, reason);
    }

    [TestMethod]
    public void Columns_of_every_type_are_checked()
    {
        string Check(string city) => $$$"""
            {"inputs":{"City":["Bern"],"Single":[1],"Double":[5e100],"Int32":[2],"Int64":[3],"Key":[4],"Boolean":[true]},
             "outputs":{"PredictedLabel":["{{{city}}}"],"EchoInt32":[2],"EchoInt64":[3],"EchoKey":[4],"EchoBoolean":[true],"EchoDouble":[5e100]}}
            """;
        new OnnxPredictor(_folder.Write(TestModels.Mixed().Metadata("selfcheck", Check("Bern")))).Dispose();
        var path = _folder.Write(TestModels.Mixed().Metadata("selfcheck", Check("Basel")));
        StringAssert.Contains(Assert.ThrowsExactly<ModelFileException>(() => new OnnxPredictor(path)).Message, "'PredictedLabel' of row 0");
    }
}
