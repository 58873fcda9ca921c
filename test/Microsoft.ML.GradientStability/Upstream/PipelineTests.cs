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

    /// <summary>Hence the data that our transformer gives has the interface which the converter asks, and refuses.</summary>
    [TestMethod]
    public void ConvertToOnnx_leaves_an_external_transformer_out_without_a_word()
    {
        var data = Samples.KeyedClusters(_ml);
        var plain = new PlainView(_ml.Transforms.CopyColumns("Score", "Features").Fit(data).Transform(data));
        using var file = new MemoryStream();
        _ml.Model.ConvertToOnnx(_ml.Transforms.CopyColumns("Copy", "Score").Fit(plain), plain, file);
        using var session = new InferenceSession(file.ToArray());
        CollectionAssert.Contains(session.InputMetadata.Keys.ToArray(), "Score",
            "ConvertToOnnx no longer starts behind data of another kind: see whether ScoredDataView.cs can do without the interface.");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void ConvertToOnnx_fails_on_a_deep_network_and_says_what_to_call(bool isLast)
    {
        var data = Samples.KeyedClusters(_ml);
        IEstimator<ITransformer> pipeline = _ml.Transforms.NormalizeMinMax("Features").Append(_ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()));
        if (!isLast)
            pipeline = pipeline.Append(_ml.Transforms.CopyColumns("Copy", "Score"));
        var model = pipeline.Fit(data);
        using var file = new MemoryStream();
        foreach (var convert in (Action[])[() => _ml.Model.ConvertToOnnx(model, data, file), () => _ml.Model.ConvertToOnnx(model, data, 9, file), () => _ml.Model.ConvertToOnnx(model, data, file, "Score")])
            StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(convert).Message, "mlContext.Model.SaveAsOnnx(pipeline, data, path)");
        Assert.AreEqual(0, file.Length);
    }

    /// <summary>A loaded network is ML.NET's own ONNX transformer, which its converter refuses.</summary>
    [TestMethod]
    public void ConvertToOnnx_fails_on_a_loaded_network()
    {
        var data = Samples.KeyedClusters(_ml);
        using var model = _ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(data);
        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        using var file = new MemoryStream();
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Model.ConvertToOnnx(loaded, data, file));
        ((IDisposable)loaded).Dispose();
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

    /// <summary>Data of a kind that ML.NET does not know.</summary>
    private sealed class PlainView(IDataView source) : IDataView
    {
        public DataViewSchema Schema => source.Schema;

        public bool CanShuffle => false;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => source.GetRowCursor(columnsNeeded);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];
    }
}
