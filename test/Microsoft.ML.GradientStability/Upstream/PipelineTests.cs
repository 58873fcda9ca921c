using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>How Microsoft.ML 5.0.1 and its OnnxConverter treat an estimator and a transformer that are not their own.</summary>
[TestClass]
public sealed class PipelineTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Hence a wrong schema is refused before the links in front are fitted.</summary>
    [TestMethod]
    public void A_chain_asks_for_the_output_schema_before_it_fits()
    {
        var links = new List<string>();
        var chain = new Watched(_ml.Transforms.CopyColumns("Copy", "Features"), links)
            .Append(_ml.MulticlassClassification.Trainers.DeepNetwork("Lable"));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(Samples.KeyedClusters(_ml)));
        StringAssert.Contains(error.Message, "Could not find label column 'Lable'");
        CollectionAssert.AreEqual(new[] { "GetOutputSchema" }, links);
    }

    /// <summary>Hence an export looks for our transformer itself, and never trusts that a conversion without an error is whole.</summary>
    [TestMethod]
    public void ConvertToOnnx_leaves_an_external_transformer_out_without_a_word()
    {
        var data = Samples.KeyedClusters(_ml);
        using var model = _ml.Transforms.NormalizeMinMax("Features")
            .Append(_ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()))
            .Append(_ml.Transforms.CopyColumns("Copy", "Score")).Fit(data);
        using var file = new MemoryStream();
        _ml.Model.ConvertToOnnx(model, data, file);
        using var session = new InferenceSession(file.ToArray());
        CollectionAssert.Contains(session.InputMetadata.Keys.ToArray(), "Score",
            "ConvertToOnnx no longer starts behind an external transformer: see what it does with one, and whether Catalog/DeepNetworkOnnxExtensions.cs can leave the whole pipeline to it.");
    }

    /// <summary>Hence training is reported on the channel too, not only as progress.</summary>
    [TestMethod]
    public void Progress_never_reaches_the_log()
    {
        var lines = new List<string>();
        _ml.Log += (_, e) => lines.Add(e.Message);
        using (var progress = ((IHostEnvironment)_ml).Register("Test").StartProgressChannel("Progress"))
        {
            progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry => entry.SetProgress(0, 1));
            progress.Checkpoint(0.5, 1);
        }
        Assert.IsEmpty(lines);
    }

    private sealed class Watched(IEstimator<ITransformer> inner, List<string> calls) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            calls.Add(nameof(Fit));
            return inner.Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            calls.Add(nameof(GetOutputSchema));
            return inner.GetOutputSchema(inputSchema);
        }
    }
}
